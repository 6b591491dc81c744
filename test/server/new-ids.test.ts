import { expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { temporary } from './id-contract.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { testCore } from './support/test-core.ts';

const ask = (id: string, n: number, topic = '/tasks') =>
  sent(id, { record: temporary(n), set: { n }, topic });
const recordOf = (receipt: Receipt | undefined) => receipt && 'record' in receipt && receipt.record;

it('[ID4] lets a resource say how its ids are made: integers by default, uuids, or by a function', async () => {
  const { core } = testCore();
  core.resource('/tasks', { public: true });
  core.resource('/notes', { public: true, id: 'uuid' });
  core.resource('/lists', { authorize: () => true, id: async ({ set }) => `list-${set.n}` });
  const peer = await FakePeer.connect(core);
  const receipts = await peer.push(ask('a:1', 1), ask('a:2', 2, '/notes'), ask('a:3', 3, '/lists'));
  expect(receipts.map(recordOf)).toEqual([1, expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/), 'list-3']);
  expect(await peer.record('list-3', '/lists')).toEqual({ n: 3 });
  expect(await peer.push(ask('a:3', 3, '/lists'))).toEqual([
    { type: 'duplicate', ids: ['a:3'], offset: 1, record: 'list-3' },
  ]);
});

it('[ID4] refuses a record whose id, made by a function, is there already, or which the function refuses', async () => {
  const { core } = testCore();
  core.resource('/tasks', {
    authorize: ({ current }) => current === null,
    id({ set }) {
      if (set.n === 3) throw new Refusal('No third one.');
      return 'only';
    },
  });
  const peer = await FakePeer.connect(core);
  expect(await peer.push(ask('a:1', 1), ask('a:2', 2), ask('a:3', 3))).toMatchObject([
    { type: 'applied', record: 'only' },
    // What is there nobody may read.
    { type: 'conflict', current: null },
    { type: 'forbidden', message: 'No third one.' },
  ]);
});

it('[ID4] has a write tried again whose id function returns no id', async () => {
  const { core } = testCore();
  core.resource('/tasks', { public: true, id: (() => undefined) as never });
  const peer = await FakePeer.connect(core);
  expect(await peer.types(ask('a:1', 1))).toEqual(['retry']);
});

it('[ID4] shows middleware and permission a record that has no id yet', async () => {
  const { core } = testCore();
  const seen: unknown[] = [];
  core.resource('/tasks', {
    authorize({ record, current, attrs }) {
      seen.push([record, current, attrs]);
      return true;
    },
  });
  const peer = await FakePeer.connect(core);
  expect(await peer.types(ask('a:1', 1))).toEqual(['applied']);
  expect(seen).toEqual([[null, null, { n: 1 }]]);
});

it('[ID3] refuses what is under a record that was never made', async () => {
  const { core } = testCore();
  core.resource('/projects/:project/tasks', { public: true });
  const peer = await FakePeer.connect(core);
  expect(await peer.types(ask('a:1', 1, `/projects/${temporary(9)}/tasks`))).toEqual(['gone']);
  expect(await peer.types(ask('a:2', 2, '/projects/~ann/tasks'))).toEqual(['applied']);
});
