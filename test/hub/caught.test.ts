import { describe, expect, it } from 'vitest';
import type { MutationId } from '../../src/protocol/ids.ts';
import type { Answers } from '../../src/protocol/server-down.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import type { MutationInit } from '../support/mutations.ts';
import { a, b, batchOf, decide, restart, world } from './with-batches.ts';

const OWN = '~00000000-0000-7000-8000-000000000001';
const create: MutationInit = { method: 'create', record: OWN };
const naming = { of: OWN };

/** As a server answers that gives ids: the receipt of a create names its record. */
const named = (mutations: Requests['push']['mutations'], { receipts, number }: Answers['push']) => {
  const isMade = (id?: string) =>
    mutations.some(({ mutation }) => mutation.id === id && mutation.method === 'create');
  return { receipts: receipts.map((one) => (isMade(one.ids[0]) ? { ...one, record: 9 } : one)), number };
};

/** A create that was refused, with its connection gone since. */
async function refused() {
  const made = await world();
  const { w, tab } = made;
  let isRefusing = true;
  w.server.on('push', ({ mutations }: Requests['push'], next) => {
    if (!isRefusing) return named(mutations, next() as Answers['push']);
    const ids = mutations.map(({ mutation }) => mutation.id);
    return { receipts: [{ type: 'invalid', ids, code: 'invalid', message: 'no' }], number: 1 };
  });
  tab.write({ ...create, set: { title: 'bad' } });
  await w.settle();
  isRefusing = false;
  await w.offline();
  const before = w.server.pushes.length;
  const pushed = () => w.server.pushes.slice(before);
  const item = (n: number, seer = tab) => {
    const { state, receipt } = seer.outbox.get(`tab1:${n}`) ?? {};
    return [state, receipt && 'code' in receipt && receipt.code];
  };
  return { ...made, pushed, item };
}

describe('what names a temporary id whose create waits for it', () => {
  it('[ID16] is offered, and what is made goes on, where two batches wait for each other', async () => {
    const { w, tab, pushed, item } = await refused();
    tab.write(...batchOf(tab, a({ x: 1 }), { record: 'c', set: naming })); // 2, 3: wait for the create
    tab.write(...batchOf(tab, { ...create, set: { title: 'good' } }, a({ x: 2 }))); // 4, 5: behind 2
    await w.settle();
    await w.online();
    expect(pushed()).toEqual([['tab1:4', 'tab1:5']]);
    expect([item(2), item(3)]).toEqual(Array(2).fill(['rejected', 'unsent']));
    expect(tab.status).toMatchObject({ pending: 0, rejected: 1 });
    expect(w.onDisk).toEqual(['tab1:2', 'tab1:3']);
    decide(tab, 'tab1:3', 'retry');
    await w.settle();
    expect(pushed().at(-1)).toEqual(['tab1:2', 'tab1:3']);
    expect(tab.status).toMatchObject({ pending: 0, rejected: 0 });
  });

  it('[ID16] is offered over a third that stands between, and after a restart', async () => {
    const { w, tab, pushed, item } = await refused();
    tab.write(...batchOf(tab, a({ x: 1 }), { record: 'c', set: naming })); // 2, 3
    tab.write(...batchOf(tab, a({ x: 2 }), b({ x: 2 }))); // 4, 5: behind 2
    tab.write(...batchOf(tab, b({ x: 3 }), { ...create, set: { title: 'good' } })); // 6, 7: behind 5
    await w.settle();
    await restart(w, tab);
    const next = await w.tab('tab3');
    next.post({ type: 'watch' });
    await w.online();
    expect(pushed().flat()).toEqual(['tab1:4', 'tab1:5', 'tab1:6', 'tab1:7']);
    expect([item(2, next), item(3, next)]).toEqual(Array(2).fill(['rejected', 'unsent']));
  });

  it('[ID16] is offered where it is of the batch that makes it, or is what is made', async () => {
    const { w, tab, pushed, item } = await refused();
    tab.write(...batchOf(tab, { record: OWN, set: { title: 'good' } }, { record: 'c', set: naming }));
    await w.settle();
    tab.write({ ...create, record: OWN.replace('1', '2'), set: { of: OWN.replace('1', '2') } });
    await w.settle();
    await w.online();
    expect(pushed()).toEqual([]);
    expect([2, 3, 4].map((n) => item(n))).toEqual(Array(3).fill(['rejected', 'unsent']));
  });

  it('[ID16] fails where it is not to be queued', async () => {
    const { w, tab, pushed } = await refused();
    await w.online();
    const go = w.server.hold('push');
    tab.write({ record: 'b', base: 2, set: { x: 1 } });
    await w.settle();
    tab.write({ record: 'b', base: 'previous', set: naming, queue: false });
    await w.settle();
    tab.write(...batchOf(tab, { ...create, set: { title: 'good' } }, b({ x: 2 })));
    await w.settle();
    expect(tab.story(3)).toEqual(['failed unsent']);
    go();
    await w.settle();
    expect(pushed()).toEqual([['tab1:2'], ['tab1:4', 'tab1:5']]);
  });

  it('[ID10] is sent behind the create of its own record that it names', async () => {
    const { w, tab, pushed } = await refused();
    tab.post({ type: 'decide', id: 'tab1:1' as MutationId, decision: 'discard' });
    tab.write({ ...create, set: { title: 'good' } }, { record: OWN, base: 'previous', set: naming });
    await w.settle();
    await w.online();
    expect(pushed()).toEqual([['tab1:2'], ['tab1:3']]);
  });
});
