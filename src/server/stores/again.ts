import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';

/**
 * Tries something until it is done. `tries` says how often it may be tried in the face of this error: 1 = no more than
 * that once. In between it waits, longer each time, and no two for the same time.
 */
export async function again<T>(
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  tries: (error: unknown) => number,
  work: () => Promise<T>,
): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await work();
    } catch (error) {
      if (count >= tries(error)) throw error;
    }
    const ms = 2 ** count * 10 * (0.5 + random.next());
    await new Promise<void>((resolve) => clock.after(ms, resolve));
  }
}
