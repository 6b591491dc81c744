import { expect, it } from 'vitest';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { RecordKey } from '../../src/protocol/ids.ts';
import type { Answers } from '../../src/protocol/server-down.ts';
import type { CoreOptions } from '../../src/server/core-options.ts';
import { FakePeer, TASKS } from '../server/support/fake-peer.ts';
import { testCore } from '../server/support/test-core.ts';

/** Records that are not in the store, and somebody who follows as a hub does: page by page. */
async function world(records: { id: string | number }[], page: Partial<CoreOptions['page']> = {}) {
  const { core } = testCore({ page });
  core.resource('/tasks', { public: true, handlers: { read: () => records } });
  const peer = await FakePeer.connect(core);
  const follow = async (between: () => unknown = () => undefined) => {
    const first = await peer.begin();
    const pages = [first.rows];
    for (let after: RecordKey | null = first.next; after !== null; ) {
      await between();
      const asked = { topic: TASKS, at: first.cursor, after };
      const page = (await peer.ask('page', asked)) as Answers['page'];
      pages.push(page.rows);
      after = page.next;
    }
    return pages.map((rows) => rows.map(([id]) => id));
  };
  return { core, peer, follow };
}

const text = 'x'.repeat(100);
const ids = (...some: (string | number)[]) => some.map((id) => ({ id, text }));

it('[LI20] tells what the application answers to a follow page by page, in the order of the keys', async () => {
  const { follow } = await world(ids('b', 10, 'a', 9, 'c'), { rows: 2 });
  expect(await follow()).toEqual([[10, 9], ['a', 'b'], ['c']]);
});

it('[LI20] bounds pages by bytes, too', async () => {
  const { follow } = await world(ids('b', 'a', 'd', 'c'), { bytes: 200 });
  expect(await follow()).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

it('[LI20] leaves what is no more than a page in the order in which it was answered', async () => {
  const { follow } = await world(ids('b', 'a', 'd', 'c'), { rows: 4 });
  expect(await follow()).toEqual([['b', 'a', 'd', 'c']]);
});

it('[LI20] goes on with what is there by then, and tells of no change as known that it may not have', async () => {
  const records = ids('a', 'b', 'c', 'd');
  const { core, peer, follow } = await world(records, { rows: 2 });
  const seen = await follow(async () => {
    records.splice(1, 3, ...ids('c2', 'e'));
    await core.publish(TASKS, { record: 'e', set: {} });
  });
  expect(seen).toEqual([
    ['a', 'b'],
    ['c2', 'e'],
  ]);
  expect(peer.changes).toMatchObject([{ from: 0, to: 1 }]);
});

it('[LI22] answers a read of many records with so many bytes of what is asked for and seen, and says what to do instead', async () => {
  const filter = ({ of }: Attributes) => of !== 'nobody';
  const { core } = testCore({ limits: { answer: 400 }, page: { rows: 2 } });
  core.resource('/tasks', { public: true, filter });
  const peer = await FakePeer.connect(core);
  const records = ['a', 'b', 'c', 'd', 'e', 'f'];
  const of = (record: string) => (record < 'c' ? 'ann' : record < 'e' ? 'bob' : 'nobody');
  await core.publish(
    TASKS,
    records.map((record) => ({ record, set: { text, of: of(record) } })),
  );
  const read = (more: object) => peer.ask('read', { topic: TASKS, ...more });
  const tooLarge = { refused: { code: 'too-large', message: expect.stringContaining('follow it') } };
  expect(await read({})).toEqual(tooLarge);
  expect(await read({ query: {} })).toEqual(tooLarge);
  expect(await read({ query: { of: 'bob' } })).toMatchObject({
    rows: [
      ['c', 3, {}],
      ['d', 4, {}],
    ],
  });
  expect(await read({ query: { of: 'nobody' } })).toMatchObject({ rows: [] });
  expect(await read({ record: 'a' })).toMatchObject({ rows: [['a', 1, {}]] });
  expect((await core.snapshot(TASKS)).rows.length).toBe(6);
});
