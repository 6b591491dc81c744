import { expect, it } from 'vitest';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Context } from '../../../src/server/resource/context.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { FakePeer, TASKS } from '../support/fake-peer.ts';
import { testCore } from '../support/test-core.ts';

/** Each sees what is theirs of what a backend of its own keeps. */
async function world() {
  const kept = new Map<number, Attributes>([[1, { owner: 'ann' }]]);
  const all = () => [...kept].map(([id, attrs]) => ({ id, ...attrs }));
  const read = ({ record }: Context) => (record === null ? all() : (kept.get(Number(record)) ?? null));
  const { core } = testCore();
  const tasks = core.resource('/tasks', {
    public: true,
    filter: ({ owner }, { user }) => owner === user,
    handlers: { read },
  });
  const ann = await FakePeer.connect(core, 'ann');
  const { cursor } = await ann.begin();
  return { kept, tasks, ann, cursor };
}

it('[PE7] has who sees it begin anew where what is published of a backend was never told before', async () => {
  const { kept, tasks, ann, cursor } = await world();
  kept.delete(1);
  await tasks.publish({ record: 1, deleted: true });
  await settle();
  // Where the topic is, and no more: it is asked for.
  expect(ann.changes).toMatchObject([{ from: 1, to: 1, entries: [] }]);
  expect(await ann.follow(TASKS, cursor)).toMatchObject({ type: 'snapshot', rows: [] });
});

it('[PE7] tells what leaves and enters of what was told before', async () => {
  const { kept, tasks, ann } = await world();
  kept.set(2, { owner: 'ann' });
  await tasks.publish({ record: 2, set: { owner: 'ann' } });
  await settle();
  await ann.follow();
  await tasks.publish({ record: 2, set: { owner: 'bob' } });
  await tasks.publish({ record: 2, set: { owner: 'ann' } });
  await settle();
  expect(ann.changes.flatMap(({ entries }) => entries)).toEqual([
    [2, 2, null],
    [2, 3, { owner: 'ann' }, '*'],
  ]);
});
