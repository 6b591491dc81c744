import { expect, it } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { Eviction } from '../../src/hub/disk/eviction.ts';
import { Journal, LINGER } from '../../src/hub/journal.ts';
import type { Op } from '../../src/hub/storage.ts';
import { StorageError } from '../../src/hub/storage.ts';
import type { Boot, MutationId, Topic } from '../../src/protocol/ids.ts';
import { type DiskStep, memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { deferred } from '../support/deferred.ts';
import { HubWorld } from '../support/hub-world.ts';
import { mutationOf } from '../support/mutations.ts';

const topic = '/t' as Topic;
const put = (key: string, x: number): Op => ({
  type: 'putRecord',
  row: { topic, key: key as never, record: key, version: x, attrs: { x } },
});
const mutation = (order: number, number: number | null = null): Op => ({
  type: 'putMutation',
  row: { order, mutation: mutationOf({ n: order }), number, receipt: null, attempts: 0 },
});

async function journal(before: (step: DiskStep, commits: number) => Promise<void> | void = () => undefined) {
  const commits: (readonly Op[])[] = [];
  const disk = memoryDisk({
    before: async (step) => {
      if (step.type !== 'commit') return;
      await before(step, commits.length);
      commits.push(step.ops);
    },
  });
  const storage = disk.storage();
  await storage.open('boot1' as Boot, 1);
  const clock = new VirtualClock();
  const heard: string[] = [];
  const listener = {
    deposed: () => heard.push('deposed'),
    durable: (durable: boolean, reason: string | null) => heard.push(`${durable} ${reason}`),
  };
  return {
    journal: new Journal(storage, { ...listener } as never, {
      log: silentLog,
      clock,
      opened: { outbox: [] },
      eviction: new Eviction([], () => 0),
    }),
    disk,
    storage,
    clock,
    commits,
    heard,
  };
}

it('[OB23] writes what comes in one turn as one transaction, and what comes during one as the next', async () => {
  const gate = deferred<void>();
  const { journal: j, clock, commits } = await journal((_step, n) => (n === 0 ? gate.promise : undefined));
  const all = [j.write([put('a', 1)]), j.write([put('b', 1)])];
  await clock.advance(0);
  all.push(j.write([put('c', 1)]), j.write([put('d', 1)]));
  gate.resolve();
  expect(await Promise.all(all)).toEqual([true, true, true, true]);
  expect(commits.map(({ length }) => length)).toEqual([2, 2]);
});

it('[OB23] takes a mutation off the disk that went, came back and went in one group', async () => {
  const { journal: j, disk } = await journal();
  const gone: Op = { type: 'deleteMutation', order: 1 };
  await j.write([mutation(1)]);
  await j.write([gone, mutation(1), gone]);
  expect(disk.rows.outbox.size).toBe(0);
});

it('[OB23] keeps the last step on a row; a topic that is forgotten takes along what came before, and nothing that comes after', async () => {
  const { journal: j, disk, commits } = await journal();
  j.write([put('a', 1), put('b', 1), mutation(1)]);
  j.write([{ type: 'clearTopic', topic }, put('a', 2)]);
  await j.write([put('a', 3), { type: 'deleteMutation', order: 1 }]);
  expect(commits).toHaveLength(1);
  expect(commits[0]).toHaveLength(2); // the mutation came and went
  expect(
    [...(disk.rows.records.get(topic)?.values() ?? [])].map(({ key, version }) => `${key}${version}`),
  ).toEqual(['a3']);
  expect(disk.rows.outbox.size).toBe(0);
});

it('[OB23] lets steps wait for company as long as the most urgent of them may, and a mutation that came and went leaves no step', async () => {
  const { journal: j, clock, commits } = await journal();
  const slow = j.write([put('a', 1)], LINGER.replica);
  await clock.advance(LINGER.replica - 10);
  expect(commits).toHaveLength(0);
  const quick = j.write([mutation(1)], LINGER.receipt);
  j.write([{ type: 'deleteMutation', order: 1 }], LINGER.replica);
  await clock.advance(9);
  expect(commits).toHaveLength(0);
  await clock.advance(1);
  expect(await Promise.all([slow, quick])).toEqual([true, true]);
  expect(commits.map((ops) => ops.map(({ type }) => type))).toEqual([['putRecord']]);
  await j.write([mutation(2)]);
  await j.write([{ type: 'deleteMutation', order: 2 }]);
  expect(commits.slice(1).map((ops) => ops.map(({ type }) => type))).toEqual([
    ['putMutation'],
    ['deleteMutation'],
  ]);
});

it('[OB32] lets what waits for its receipt wait for as long as that may take, and not for those before it', async () => {
  const { journal: j, clock, commits } = await journal();
  const ended = () =>
    commits.map((ops) =>
      ops.map((op) => ('order' in op ? op.order : op.type === 'putMutation' ? op.row.order : op.type)),
    );
  j.write([put('a', 1)], LINGER.bulk);
  // One after the other, each with its receipt after two milliseconds.
  for (let order = 1; order <= 20; order++) {
    j.write([mutation(order)], LINGER.receipt);
    await clock.advance(2);
    j.write([{ type: 'deleteMutation', order }, put('b', order)], LINGER.replica);
  }
  expect(ended()).toEqual([]);
  j.write([mutation(21)], LINGER.receipt);
  await clock.advance(2 * LINGER.receipt);
  expect(ended()).toEqual([['putRecord', 'putRecord', 21]]);
  j.write([put('b', 21)], LINGER.replica);
  for (let order = 22; order <= 80; order++) {
    j.write([mutation(order)], LINGER.receipt);
    await clock.advance(2);
    j.write([{ type: 'deleteMutation', order }], LINGER.replica);
  }
  // The replica's waits no longer for all that.
  expect(ended().slice(1)).toEqual([['putRecord', expect.any(Number)]]);
});

it('[OB23] puts what failed before what came since, and resolves both together', async () => {
  let times = 0;
  const {
    journal: j,
    disk,
    clock,
    heard,
  } = await journal(() => {
    if (times++ < 2) throw new StorageError('failed', 'broken');
  });
  let first: boolean | undefined;
  j.write([put('a', 1), put('b', 1)]).then((durable) => {
    first = durable;
  });
  await clock.advance(0);
  const second = j.write([put('a', 2)]);
  await clock.advance(0);
  expect([first, heard]).toEqual([undefined, ['false failed', 'false failed']]);
  await clock.advance(1_000);
  expect([await second, first]).toEqual([true, true]);
  expect(
    [...(disk.rows.records.get(topic)?.values() ?? [])].map(({ key, version }) => `${key}${version}`).sort(),
  ).toEqual(['a2', 'b1']);
});

it('[OB23] answers what waits, and what comes later, with false once it is deposed or has ended', async () => {
  const { journal: j, disk, heard } = await journal();
  await disk.storage().open('boot2' as Boot, 1);
  expect(await j.write([put('a', 1)])).toBe(false);
  expect(heard).toEqual(['deposed']);
  j.end();
  expect(await j.write([put('a', 2)])).toBe(false);
  expect(disk.rows.records.size).toBe(0);
});

it('[OB23] takes a mutation off the disk that went while the transaction ran whose answer was lost', async () => {
  const gate = deferred<void>();
  const disk = memoryDisk({
    after: async (step) => {
      if (step.type !== 'commit' || !step.ops.some(({ type }) => type === 'putMutation')) return;
      await gate.promise;
      throw new StorageError('closed', 'the connection broke');
    },
  });
  const world = new HubWorld({ disk });
  const tab = await world.tab('tab1');
  await world.offline();
  tab.write({ record: 'a', set: { x: 1 } });
  await world.settle();
  tab.post({ type: 'decide', id: 'tab1:1' as MutationId, decision: 'discard' });
  await world.settle();
  gate.resolve();
  await world.clock.advance(5_000);
  expect(tab.story(1)).toEqual(['failed withdrawn']);
  expect(world.onDisk).toEqual([]);
});
