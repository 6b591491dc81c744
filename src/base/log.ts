export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where a part says what it met. `event` is a short kebab-case name, `details` whatever helps to understand it. */
export type Log = (level: LogLevel, event: string, details?: Readonly<Record<string, unknown>>) => void;

export const silentLog: Log = () => undefined;
