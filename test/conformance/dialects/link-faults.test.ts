import { expect, it } from 'vitest';
import type { Json } from '../../../src/base/json.ts';
import { silentLog } from '../../../src/base/log.ts';
import { dialectConnection } from '../../../src/hub/dialects/dialect-connection.ts';
import type { WireCall } from '../../../src/hub/dialects/wire.ts';
import type { Cursor } from '../../../src/protocol/change.ts';
import type { Topic } from '../../../src/protocol/ids.ts';
import type { Effect } from '../../../src/protocol/receipt.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { deferred } from '../../support/deferred.ts';
import { begin, changes, follow, opened, push, sent, TASKS } from './link-world.ts';
import { MemoryServer } from './memory-dialect.ts';

const TEMPORARY = '~01890a5d-ac96-774b-bcce-b302099a8057';
const entries = (own: Parameters<typeof changes>[0]) => changes(own).flatMap((change) => change.entries);

it('[DI8] a record that is read before the receipt of its create waits for that, and what others made meanwhile is shown then', async () => {
  const { server, own } = await begin([{ id: 5, title: 'A' }]);
  await follow(own);
  const gate = deferred<void>();
  server.beforeAnswer = gate.promise;
  const write = sent({ method: 'create', record: TEMPORARY, set: { title: 'Mine' }, base: null });
  const receipt = push(own, write);
  while (server.records('/tasks').length < 2) await Promise.resolve();
  server.silently(() => {
    server.put('/tasks', { id: 5, title: 'B' });
    server.put('/tasks', { id: 9, title: 'Theirs' });
  });
  server.hint(TASKS);
  await settle();
  // What is known is shown as it is now; 1 may be the record that is being made, or another's.
  expect(entries(own).map(([id, , attrs]) => [id, attrs?.title])).toEqual([[5, 'B']]);
  gate.resolve();
  expect(await receipt).toMatchObject({ type: 'applied', record: 1 });
  await settle();
  expect(entries(own).map(([id, , , , by]) => [id, by])).toEqual([
    [5, undefined],
    [1, [write.mutation.id]],
    [9, undefined],
  ]);
});

/** A server that answers the next reads of all with this. */
async function answering(content: Json) {
  const world = await begin([{ id: 1, title: 'A' }]);
  const handle = world.server.handle.bind(world.server);
  const answers: Json[] = [];
  world.server.handle = (call: WireCall, ...rest) =>
    call.method === 'read' && answers.length > 0 ? (answers.shift() as never) : handle(call, ...rest);
  const begun = await follow(world.own);
  answers.push(content);
  return { ...world, begun };
}

it.each([[{ message: 'Maintenance' }], ['Maintenance'], [7]])(
  '[DI23] an answer that is no list takes no list away: %j',
  async (content) => {
    const { server, own } = await answering(content);
    server.hint(TASKS);
    await settle();
    expect(changes(own)).toEqual([]);
    expect(own.heard.filter(([name]) => name === 'denied')).toMatchObject([
      ['denied', { topic: TASKS, code: 'internal' }],
    ]);
    expect(await follow(own)).toMatchObject({
      type: 'snapshot',
      rows: [[1, expect.anything(), { title: 'A' }]],
    });
  },
);

it('[DI24] counts on from above what is known here, whatever a clock has said that was wrong', async () => {
  const server = new MemoryServer();
  server.put('/tasks', { id: 1, title: 'A' });
  const clock = new VirtualClock();
  const connection = () =>
    dialectConnection({ wire: server, clock, random: seededRandom(1), log: silentLog });
  // The hub before it had a clock that was years ahead.
  const ahead = { epoch: 'dialect', offset: 9e15, mark: 'x' } as unknown as Cursor;
  const begun = await follow(await opened(connection()), ahead);
  expect(begun).toMatchObject({ type: 'snapshot', cursor: { offset: expect.any(Number) } });
  if (begun?.type !== 'snapshot') return;
  expect(begun.cursor.offset).toBeGreaterThan(9e15);
  expect(begun.rows[0]?.[1]).toBeGreaterThan(9e15);
  const other = await opened(connection());
  const receipt = (await push(other, sent({ set: { title: 'B' }, base: 9e15 }))) as Effect;
  expect(receipt.offset).toBeGreaterThan(9e15);
});

it('[DI25] keeps what it has read of the topics that were used last, and of those that are followed', async () => {
  const { server, own } = await begin();
  const topics = Array.from({ length: 150 }, (_, n) => `/${n}/tasks` as Topic);
  for (const topic of topics) server.put(topic, { id: 1, title: 'A' });
  await own.link.request('follow', { topics: [{ topic: '/0/tasks' as Topic, cursor: null, live: true }] });
  for (const topic of topics.slice(1)) await own.link.request('read', { topic });
  const reads = async (topic: Topic | undefined) => {
    server.asked.length = 0;
    await push(own, sent({ topic: topic ?? TASKS, set: { title: 'B' } }));
    return server.asked.filter(({ method }) => method === 'read').length;
  };
  // An update goes with the whole record, which is read where it is not known.
  expect([await reads(topics[0]), await reads(topics[1]), await reads(topics[149])]).toEqual([0, 1, 0]);
});
