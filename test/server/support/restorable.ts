import type { Store } from '../../../src/server/store.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { storeMethods } from './store-methods.ts';

/** A store that can be put back to what it was with so many changes: what comes then has other marks. */
export function restorable() {
  const store = storeMethods(memoryStore({ random: seededRandom(7) }));
  const restore = async (make: (n: number) => Promise<unknown>, changes: number) => {
    const random = seededRandom(7);
    Object.assign(store, storeMethods(memoryStore({ random })) satisfies Store);
    for (let n = 1; n <= changes; n++) await make(n);
    random.id();
  };
  return { store, restore };
}
