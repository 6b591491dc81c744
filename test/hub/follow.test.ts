import { expect, it } from 'vitest';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

it('[RP1] follows a topic once for all its tabs, from a snapshot on, and passes changes on as values', async () => {
  const world = new HubWorld();
  world.server.note(TOPIC, 'a', { title: 'One' });
  const [one, two] = [await world.tab('tab1'), await world.tab('tab2')];
  one.follow();
  two.follow();
  await world.settle();
  expect(world.server.requests('follow').map(({ topics }) => topics)).toEqual([
    [{ topic: TOPIC, cursor: null, live: true }],
  ]);
  expect(one.topics.get(TOPIC)).toEqual({ topic: TOPIC, loaded: true, synced: true });
  world.server.change(TOPIC, 'b', { title: 'Two' });
  await world.settle();
  expect(one.values.at(-1)).toEqual({
    topic: TOPIC,
    record: 'b',
    version: 2,
    attrs: { title: 'Two' },
    state: 'clean',
  });
  expect(two.seen('b')).toEqual({ title: 'Two' });
});
