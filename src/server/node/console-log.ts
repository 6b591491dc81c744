import type { Log } from '../../base/log.ts';

/** Says what matters on the console: warnings and errors, with `debug` everything. */
export function consoleLog(debug: boolean): Log {
  return (level, event, details = {}) => {
    if (!debug && level !== 'warn' && level !== 'error') return;
    const { error, ...rest } = details;
    const what = Object.keys(rest).length ? ` ${JSON.stringify(rest)}` : '';
    const line = `medulla: ${event}${what}`;
    if (error === undefined) console[level](line);
    else console[level](line, error);
  };
}
