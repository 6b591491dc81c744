import type { Log } from './log.ts';

/** Writes to the console of whatever context this runs in. */
export const consoleLog: Log = (level, event, details = {}) => console[level](`medulla: ${event}`, details);
