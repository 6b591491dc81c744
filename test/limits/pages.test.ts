import { expect, it } from 'vitest';
import type { Cursor } from '../../src/protocol/change.ts';
import type { RecordKey, Topic, UserId } from '../../src/protocol/ids.ts';
import { PaidPages } from '../../src/server/answers/paid-pages.ts';
import { flexibleRate } from '../../src/server/limits/flexible-rate.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { FakePeer, TASKS } from '../server/support/fake-peer.ts';
import { storeMethods } from '../server/support/store-methods.ts';
import { publicCore } from '../server/support/test-core.ts';

/** A topic of four pages, and somebody who may read so much. */
async function world(count: number) {
  const failed = (error: unknown) => expect.unreachable(String(error));
  const reads = flexibleRate({ name: 'reads', rate: { count, seconds: 1_000 }, failed });
  const store = storeMethods(memoryStore());
  const { core, tasks } = await publicCore({ store, rates: { reads }, page: { rows: 1 } });
  await tasks.publish(['a', 'b', 'c', 'd'].map((record) => ({ record, set: {} })));
  const ann = await FakePeer.connect(core, 'ann');
  const page = (at: Cursor, after: unknown) => ann.ask('page', { topic: TASKS, at, after });
  return { store, core, tasks, ann, page };
}

const tooFast = { refused: { code: 'rate', after: expect.any(Number), message: expect.any(String) } };
const row = (id: string, next: string | null) => ({ rows: [[id, expect.any(Number), {}]], next });

it('[LI8] tells a snapshot to its end for one read, and counts each page beside it', async () => {
  const { ann, page } = await world(2);
  const { cursor, next } = await ann.begin();
  expect(next).toBe('a');
  expect(await page(cursor, 'a')).toMatchObject(row('b', 'b'));
  expect(await page(cursor, 'a')).toMatchObject(row('b', 'b'));
  expect(await page(cursor, 'a')).toEqual(tooFast);
  expect(await page(cursor, 'c')).toEqual(tooFast);
});

it('[LI8] goes on with a snapshot whatever is refused beside it, and over what the store could not do', async () => {
  const { store, ann, page } = await world(1);
  const { cursor } = await ann.begin();
  expect(await page(cursor, 'a')).toMatchObject(row('b', 'b'));
  expect(await page(cursor, '')).toEqual(tooFast);
  const { page: whole } = store;
  store.page = () => Promise.reject(new Error('Not now'));
  expect(await page(cursor, 'b')).toMatchObject({ refused: { code: 'retry' } });
  store.page = whole;
  expect(await page(cursor, 'b')).toMatchObject(row('c', 'c'));
  expect(await page(cursor, 'c')).toMatchObject(row('d', null));
  expect(await page(cursor, 'c')).toEqual(tooFast);
});

it('[LI8] has no page of a snapshot paid that ended: where it does not go on here, or its topic was released', async () => {
  const { ann, page } = await world(2);
  const { cursor } = await ann.begin();
  expect(await page({ ...cursor, epoch: 'another' as never }, 'a')).toMatchObject({
    refused: { code: 'gone' },
  });
  await ann.follow(TASKS);
  await ann.ask('release', { topic: TASKS });
  expect(await page(cursor, 'a')).toEqual(tooFast);
});

it('[LI8] keeps nothing of who has no snapshot under way, and of each other so many topics', async () => {
  const pages = new PaidPages();
  const ann = { user: 'ann' as UserId, identity: null, request: { headers: {}, address: '' } };
  for (const topic of ['/a', '/b', '/a', '/c']) pages.pay(ann, topic as Topic, 'k' as RecordKey, 2);
  const takes = (topic: string) => pages.take(ann, topic as Topic, 'k' as RecordKey);
  expect([takes('/b'), takes('/a'), takes('/c'), takes('/a')]).toEqual([false, true, true, false]);
  expect(pages.take({ ...ann }, '/a' as Topic, 'k' as RecordKey)).toBe(false);
});
