import { setTimeout as pause } from 'node:timers/promises';

type Condition<T> = () => T | Promise<T>;
type Met<T> = Exclude<T, false | undefined | null>;

/**
 * Waits until `condition` gives something true, and returns it; asks again every few milliseconds. `what`: said where it
 * gives up; a condition that is as clear needs no words beside it.
 */
export function until<T>(what: string, condition: Condition<T>, limit?: number): Promise<Met<T>>;
export function until<T>(condition: Condition<T>): Promise<Met<T>>;
export async function until<T>(
  what: string | Condition<T>,
  condition = what as Condition<T>,
  limit = 60_000,
): Promise<Met<T>> {
  const end = Date.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value as Met<T>;
    if (Date.now() > end) throw new Error(`Gave up waiting until ${what}`);
    await pause(15);
  }
}
