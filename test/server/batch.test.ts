import { describe, expect, it } from 'vitest';
import type { StoreWrite } from '../../src/server/store.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { deferred } from '../support/deferred.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { storeMethods } from './support/store-methods.ts';
import { testCore } from './support/test-core.ts';

const update = { method: 'update', base: 'previous' } as const;

describe('a batch', () => {
  it('[SV11] is one transaction, also where each write is judged on what the one before leaves', async () => {
    const store = memoryStore();
    const commits: number[] = [];
    const commit = (writes: readonly StoreWrite[], at: number) => {
      commits.push(writes.length);
      return store.commit(writes, at);
    };
    const { core } = testCore({ store: { ...storeMethods(store), commit } });
    const seen: unknown[] = [];
    core.resource('/tasks', {
      authorize(ctx) {
        seen.push([ctx.current, ctx.attrs]);
        return true;
      },
    });
    const peer = await FakePeer.connect(core);
    const batch = [
      sent('a:1', { set: { n: 1 } }),
      sent('a:2', { ...update, set: { m: 2 } }),
      sent('a:3', { method: 'delete', base: 'previous' }),
      sent('a:4', { set: { n: 4 } }),
    ];
    expect(await peer.types(...batch)).toEqual(['applied', 'applied', 'applied', 'applied']);
    expect(seen).toEqual([
      [null, { n: 1 }],
      [{ n: 1 }, { n: 1, m: 2 }],
      [{ n: 1, m: 2 }, null],
      [null, { n: 4 }],
    ]);
    expect(commits).toEqual([4]);
  });

  it('[SV11] judges again what was judged on a record that has moved meanwhile', async () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks', {
      async authorize(ctx) {
        const isOpen = ctx.current?.locked !== true;
        // Somebody locks the record between the judgement and the commit.
        if (isOpen && ctx.user === 'ann') await tasks.publish({ record: 'x', set: { locked: true } });
        return isOpen;
      },
    });
    await tasks.publish({ record: 'x', set: { n: 1 } });
    const ann = await FakePeer.connect(core, 'ann');
    expect(await ann.types(sent('a:1', { ...update, user: 'ann', set: { n: 2 } }))).toEqual(['forbidden']);
    expect(await tasks.publish([])).toBe(2);
  });

  it('[SV11] gives up for now where the record moves each time', async () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks', {
      async authorize(ctx) {
        await tasks.publish({ record: 'x', set: { n: Number(ctx.current?.n ?? 0) + 1 } });
        return true;
      },
    });
    const peer = await FakePeer.connect(core);
    expect(await peer.types(sent('a:1', { ...update, set: { n: 2 } }))).toEqual(['retry']);
  });

  it('[SV11] refuses nothing for good on what an uncommitted write would have left', async () => {
    const { core } = testCore();
    const tasks = core.resource('/tasks', { authorize: (ctx) => ctx.current?.locked !== true });
    const peer = await FakePeer.connect(core);
    await tasks.publish({ record: 'x', set: { n: 0 } });
    // The create conflicts, so that nothing is locked, and the update is judged on the record as it is.
    const batch = [sent('a:1', { set: { locked: true } }), sent('a:2', { ...update, set: { n: 2 } })];
    expect(await peer.types(...batch)).toEqual(['conflict', 'applied']);
    const locking = [
      sent('a:3', { ...update, set: { locked: true } }),
      sent('a:4', { ...update, set: { n: 4 } }),
    ];
    expect(await peer.types(...locking)).toEqual(['applied', 'forbidden']);
  });

  it('[SV11] waits for the batch before it', async () => {
    const { core } = testCore();
    const held = deferred<void>();
    core.resource('/tasks', { public: true }).create(async (_, next) => {
      await held.promise;
      await next();
    });
    const peer = await FakePeer.connect(core);
    const first = peer.types(sent('a:1', { set: { n: 1 } }));
    const second = peer.types(sent('a:2', { ...update, set: { n: 2 } }));
    await settle();
    held.resolve();
    expect([await first, await second]).toEqual([['applied'], ['applied']]);
  });
});
