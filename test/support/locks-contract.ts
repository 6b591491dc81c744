import { describe, expect, it } from 'vitest';
import type { Locks } from '../../src/hub/parts.ts';
import { settle } from '../../src/testing/virtual-clock.ts';

let names = 0;

/** What tabs and hubs rely on, of whatever implements {@link Locks}. */
export function locksContract(kind: string, locks: Locks): void {
  const freshName = () => `${kind} ${names++}`;
  /** Resolves once the lock falls free. */
  const freed = (name: string) => new Promise<void>((resolve) => locks.whenFree(name, resolve));
  /** Gets the lock in its turn, after all who wait for it now, and lets it go again. */
  const turn = async (name: string) => (await locks.hold(name))();

  describe(`locks of ${kind}`, () => {
    it('[HS1] hold a lock until it is let go, which can be repeated', async () => {
      const name = freshName();
      const release = await locks.hold(name);
      release();
      release();
      await turn(name);
    });

    it('[HS1] hold a lock only once whoever had it is gone, in the order of the wishes', async () => {
      const name = freshName();
      const order: string[] = [];
      const release = await locks.hold(name);
      const next = ['first', 'second'].map((who) =>
        locks.hold(name).then((letGo) => {
          order.push(who);
          letGo();
        }),
      );
      await settle();
      order.push('released');
      release();
      await Promise.all(next);
      expect(order).toEqual(['released', 'first', 'second']);
    });

    it('[HS2] tell all who wait, at once and each once, and only when the holder is gone', async () => {
      const name = freshName();
      const release = await locks.hold(name);
      const told: number[] = [];
      const waiting = [1, 2, 3].map((tab) => freed(name).then(() => told.push(tab)));
      await settle();
      expect(told).toEqual([]);
      release();
      await Promise.all(waiting);
      expect(told.sort()).toEqual([1, 2, 3]);
    });

    it('[HS2] tell at once who waits for a lock that nobody has', async () => {
      await freed(freshName());
    });

    it('[HS2] do not keep a lock that somebody waited for', async () => {
      const name = freshName();
      const release = await locks.hold(name);
      const free = freed(name);
      release();
      await free;
      await turn(name);
    });

    it('[HS2] tell nobody who has cancelled', async () => {
      const name = freshName();
      const release = await locks.hold(name);
      let told = 0;
      const cancels = [1, 2].map(() => locks.whenFree(name, () => told++));
      cancels[0]?.();
      release();
      cancels[1]?.();
      await turn(name);
      await settle();
      expect(told).toBe(0);
    });
  });
}
