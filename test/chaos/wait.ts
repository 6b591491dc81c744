import { setTimeout } from 'node:timers/promises';

/** The schedule's own time: how long something lasts, or until the next. Nothing is ever waited for in this way. */
export const lasting = (ms: number): Promise<void> => setTimeout(ms);
