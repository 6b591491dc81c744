import { expect, it } from 'vitest';
import { withRecords } from './with-records.ts';

it('[NF2] says of what it is sure, until it is caught up', async () => {
  const { world, server, tab } = await withRecords(true);
  await world.offline();
  tab.write({ record: 'a', base: 1, set: { old: 1 } });
  await world.settle();
  const next = world.start();
  const other = await world.tab('tab2', next);
  other.follow();
  await world.settle();
  other.write({ record: 'a', base: 1, set: { n: 1 } });
  await world.settle();
  other.follow();
  await world.settle();
  expect(other.values.at(-1)).toMatchObject({
    record: 'a',
    only: ['n'],
    attrs: { title: 'A', old: 1, n: 1 },
  });
  server.hold('push');
  await world.online();
  const again = await world.tab('tab3', next);
  again.follow();
  await world.settle();
  expect(again.values.at(-1)).toMatchObject({ record: 'a', attrs: { n: 1 } });
  expect(again.values.at(-1)).not.toHaveProperty('only');
});

it('[NF2] counts what it finds of a tab on the disk as shown, and shows no repeat of what it has done since', async () => {
  const { world, tab } = await withRecords(true);
  await world.offline();
  tab.write({ record: 'a', base: 1, set: { title: 'First' } });
  tab.write({ record: 'a', base: 'previous', set: { title: 'Second' } });
  await world.settle();
  const next = world.start();
  const back = await world.tab('tab1', next);
  back.follow();
  await world.settle();
  expect(back.batches.at(-1)?.n).toBe(2);
  expect(back.seen('a')).toEqual({ title: 'Second' });
  await world.online();
  back.write({ n: 1, record: 'a', base: 1, set: { title: 'First' }, repeated: true });
  await world.settle();
  expect([back.story(1), back.seen('a')]).toEqual([
    ['settled applied', 'settled applied'],
    { title: 'Second' },
  ]);
  expect(back.values.every(({ attrs }) => attrs?.title !== 'First')).toBe(true);
});

it('[NF2] shows what it was not sure of once more where it is caught up, also where its own layers left it as it was', async () => {
  const { world, server, tab } = await withRecords(true);
  server.echo = 'never';
  tab.write({ method: 'create', record: 'c', set: { title: 'C' } });
  await world.settle();
  await world.offline();
  tab.write({ record: 'c', base: 'previous', set: { title: 'D' } });
  await world.settle();
  const next = world.start();
  const other = await world.tab('tab2', next);
  other.follow();
  await world.settle();
  expect(other.seen('c')).toEqual({ title: 'D' });
  server.hold('push');
  const caughtUp = server.hold('follow');
  await world.online();
  other.post({ type: 'decide', id: 'tab1:2' as never, decision: 'discard' });
  await world.settle();
  // Who was shown a newer one by the hub before does not take that.
  expect(other.values.at(-1)).toMatchObject({ record: 'c', version: 0, attrs: { title: 'C' }, only: [] });
  caughtUp();
  await world.settle();
  expect(other.values.at(-1)).toMatchObject({ record: 'c', version: 3, attrs: { title: 'C' } });
  expect(other.values.at(-1)).not.toHaveProperty('only');
});
