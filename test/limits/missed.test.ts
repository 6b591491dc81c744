import { expect, it } from 'vitest';
import type { Cursor } from '../../src/protocol/change.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import type { Answers, Followed } from '../../src/protocol/server-down.ts';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { FakePeer } from '../server/support/fake-peer.ts';
import { testCore } from '../server/support/test-core.ts';

const bytes = 2_000;
const text = 'x'.repeat(500);

async function world(count: number) {
  const { core } = testCore({ store: sqliteStore(':memory:'), page: { bytes } });
  core.resource('/many/:name', { public: true });
  const peer = await FakePeer.connect(core);
  const topics = Array.from({ length: count }, (_, n) => `/many/${n}` as Topic);
  const follow = async (cursors: readonly (Cursor | null)[]): Promise<readonly Followed[]> => {
    const wishes = topics.map((topic, n) => ({ topic, cursor: cursors[n] ?? null, live: false }));
    return ((await peer.ask('follow', { topics: wishes })) as Answers['follow']).topics;
  };
  const begun = (await follow([])).map((one) => {
    if (one.type !== 'snapshot') throw new Error(one.type);
    return one.cursor;
  });
  const change = async (topic: Topic, changes: number) => {
    for (let n = 0; n < changes; n++) await core.publish(topic, { record: n, set: { text } });
  };
  return { topics, follow, begun, change };
}

it('[LI18] begins with a snapshot in pages where more was missed than one answer may hold', async () => {
  const { topics, follow, begun, change } = await world(1);
  const [topic] = topics as [Topic];
  await change(topic, 40);
  expect(await follow(begun)).toMatchObject([{ type: 'changes', changes: { from: 0, to: 40 } }]);
  await change(topic, 40);
  const [answer] = await follow(begun);
  if (answer?.type !== 'snapshot') throw new Error('It is no snapshot');
  expect([answer.rows.length, answer.next, answer.cursor.offset]).toEqual([4, '11', 80]);
});

it('[LI18] tells all topics of one request together no more than that, and of each what goes into its page', async () => {
  const { topics, follow, begun, change } = await world(20);
  for (const topic of topics) await change(topic, 20);
  const types = (await follow(begun)).map(({ type }) => type);
  expect(types.slice(0, 4)).toEqual(['changes', 'changes', 'snapshot', 'snapshot']);
  expect(JSON.stringify(await follow(begun)).length).toBeLessThan(2 * 16 * bytes + 20 * 700);
  // What is little is told as changes, wherever it stands.
  const { follow: again, begun: since, change: touch, topics: others } = await world(20);
  await touch(others[0] as Topic, 60);
  await touch(others[19] as Topic, 1);
  const mixed = await again(since);
  expect([mixed[0]?.type, mixed[19]?.type]).toEqual(['snapshot', 'changes']);
});
