export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a part says what it met. `event` is a short kebab-case name, `details` whatever helps to understand it. */
export type Log = (level: LogLevel, event: string, details?: Readonly<Record<string, unknown>>) => void;

/** Says what is wrong alone, or `all`. */
export const warnings =
  (log: Log, all = false): Log =>
  (level, event, details) => {
    if (all || level === 'warn' || level === 'error') log(level, event, details);
  };

export const silentLog: Log = () => undefined;
