import { expect, it } from 'vitest';
import { RECHECKS } from '../../../src/server/admission/rechecks.ts';
import { memoryStore } from '../../../src/server.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { twoNodes } from '../support/fake-broker.ts';
import { FakePeer, TASKS } from '../support/fake-peer.ts';

/** Two nodes over one store whose resource is shut by `shut`, and two people who follow it at the second. */
async function nodes() {
  const clock = new VirtualClock();
  const store = memoryStore();
  let isOpen = true;
  const world = await twoNodes(store, clock, {}, { authorize: () => isOpen });
  const [ann, bob] = [await FakePeer.connect(world.there, 'ann'), await FakePeer.connect(world.there, 'bob')];
  for (const peer of [ann, bob]) await peer.follow();
  const denied = () => [ann.denials.length, bob.denials.length];
  const shut = () => {
    isOpen = false;
  };
  return { ...world, clock, store, ann, denied, shut };
}

it('[PE6] is asked again on another node, and only who is meant', async () => {
  const { here, shut, denied } = await nodes();
  shut();
  await here.recheck({ user: 'ann', topic: TASKS });
  await settle();
  expect(denied()).toEqual([1, 0]);
  await here.recheck({ topic: TASKS });
  await settle();
  expect(denied()).toEqual([1, 1]);
});

it('[PE17] is asked again on another node, too, where no node hears of the other', async () => {
  const { broker, here, clock, shut, denied, store } = await nodes();
  broker.held = null;
  shut();
  await here.recheck({ user: 'ann' });
  await here.recheck({ user: 'ann' });
  await settle();
  expect(denied()).toEqual([0, 0]);
  await clock.advance(4_000);
  expect(denied()).toEqual([1, 0]);
  // It leaves nothing but lines in a log that is trimmed.
  expect((await store.page(RECHECKS, null, { rows: 9, bytes: 999 })).rows).toEqual([]);
});

it('[PE17] is asked again about everybody, where it cannot be told any more about whom it was', async () => {
  const { broker, here, clock, shut, denied, store } = await nodes();
  broker.held = null;
  shut();
  await here.recheck({ user: 'ann' });
  await store.trim({ log: () => ({ changes: 0, before: 0 }), receiptsBefore: 0 });
  await clock.advance(4_000);
  expect(denied()).toEqual([1, 1]);
});

it('[PE17] rejects where it cannot be kept for the others, and is done here', async () => {
  const { here, author, shut, store } = await nodes();
  await author.follow();
  store.commit = () => Promise.reject(new Error('No database'));
  shut();
  await expect(here.recheck({})).rejects.toMatchObject({ code: 'retry' });
  expect(author.denials.length).toBe(1);
});

it('[PE17] is no topic of anybody: nothing of it is followed, read or written', async () => {
  const { here, ann, author } = await nodes();
  await here.recheck({ user: 'ann' });
  expect(await ann.follow(RECHECKS)).toMatchObject({ type: 'denied', code: 'unknown-resource' });
  expect(await author.ask('read', { topic: RECHECKS })).toMatchObject({
    refused: { code: 'unknown-resource' },
  });
  await expect(here.publish(RECHECKS, { record: 'x', set: {} })).rejects.toMatchObject({
    code: 'unknown-resource',
  });
});
