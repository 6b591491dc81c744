import { expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import type { Store } from '../../src/server/store.ts';
import { write } from './support/store-write.ts';

/** What a store says of how much it holds, where it says it. */
export function sizeContract(name: string, make: () => Store): void {
  it(`[OP4] ${name} tells how many topics, changes and receipts it holds, after a trim too`, async () => {
    const store = make();
    await store.open();
    expect(await store.size?.()).toMatchObject({ topics: 0, log: 0, receipts: 0 });
    const there = (n: number) => write(`a:${n}`, 'create', n, { n }, { topic: `/${n % 2}` as Topic });
    await store.commit([1, 2, 3, 4, 5].map(there), 10);
    await store.commit([write([], 'update', 7, {}, { topic: '/1' as Topic, base: null })], 20);
    expect(await store.size?.()).toMatchObject({ topics: 2, log: 6, receipts: 5 });
    const { bytes = -1 } = (await store.size?.()) ?? {};
    if (name === 'memory') expect(bytes).toBe(0);
    else expect(bytes).toBeGreaterThan(10_000);
    await store.trim({ receiptsBefore: 0, log: () => ({ changes: 1, before: 0 }) });
    expect(await store.size?.()).toMatchObject({ topics: 2, log: 2, receipts: 5 });
    await store.close();
  });
}
