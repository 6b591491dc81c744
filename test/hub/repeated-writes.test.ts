import { describe, expect, it } from 'vitest';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

describe('a repeated write that the hub does not know', () => {
  async function repeated({ online }: { online: boolean }) {
    const world = new HubWorld();
    const [author, other] = [await world.tab('tab1'), await world.tab('tab2')];
    for (const tab of [author, other]) tab.follow();
    const version = world.server.change(TOPIC, 'a', { title: 'theirs' });
    await world.settle();
    if (!online) await world.offline();
    const go = world.server.hold('push');
    author.write({ n: 1, record: 'a', base: version, set: { title: 'mine' }, repeated: true });
    await world.settle();
    return { world, other, go };
  }

  it('[OB28] is shown to other tabs with its receipt, not before', async () => {
    const { world, other, go } = await repeated({ online: true });
    expect(other.seen('a')).toEqual({ title: 'theirs' });
    go();
    await world.settle();
    expect(other.seen('a')).toEqual({ title: 'mine' });
  });

  it('[OB28] is shown to them at once where there is no connection', async () => {
    const { other } = await repeated({ online: false });
    expect(other.seen('a')).toEqual({ title: 'mine' });
  });

  it('[OB28] is shown to them when the connection is lost before its receipt', async () => {
    const { world, other } = await repeated({ online: true });
    await world.offline();
    expect(other.seen('a')).toEqual({ title: 'mine' });
  });
});

it.each(['applied', 'invalid'])(
  '[OB22] A write that was settled while its tab slept is told so, and not sent behind what came since: %s',
  async (type) => {
    const world = new HubWorld();
    const [author, other] = [await world.tab('tab1'), await world.tab('tab2')];
    const go = world.server.hold('push');
    author.write({ record: 'a', set: { title: 'early' } });
    await world.settle();
    author.post({ type: 'goodbye' });
    if (type === 'invalid') world.server.decideAgainst('tab1:1');
    go();
    await world.settle();
    // The server knows nothing of the first one any more.
    world.server.receipts.clear();
    other.write({ record: 'a', base: 'previous', set: { title: 'late' } });
    await world.settle();
    author.hello().write({ n: 1, record: 'a', set: { title: 'early' }, repeated: true });
    await world.settle();
    expect([author.story(1).at(-1), author.status?.rejected, world.onDisk]).toEqual([
      `settled ${type}`,
      0,
      [],
    ]);
    expect(world.server.rows(TOPIC).map(([, , attrs]) => attrs)).toEqual([{ title: 'late' }]);
  },
);

it('[OB31] A write that is not to be queued, and fails while its tab sleeps, is told so before its record is shown without it', async () => {
  const world = new HubWorld();
  const author = (await world.tab('tab1')).follow();
  const base = world.server.change(TOPIC, 'a', { title: 'theirs' });
  await world.settle();
  world.server.hold('push');
  author.write({ record: 'a', base, set: { title: 'mine' }, queue: false });
  await world.settle();
  author.post({ type: 'goodbye' });
  await world.offline();
  const { length } = author.batches;
  author.hello().follow().write({ n: 1, record: 'a', base, set: {}, queue: false, repeated: true });
  await world.settle();
  const told = author.batches.slice(length);
  expect(told[0]?.settlements).toMatchObject([{ n: 1, type: 'failed', code: 'unreachable' }]);
  expect(told.flatMap(({ values }) => values).at(-1)?.attrs).toEqual({ title: 'theirs' });
  expect(author.story(1)).toEqual(['failed unreachable']);
});

it('[OB31] A write that is not to be queued, and failed, is told so once to a tab that is awake, whoever else comes', async () => {
  const world = new HubWorld();
  const author = await world.tab('tab1');
  world.server.hold('push');
  author.write({ record: 'a', set: { title: 'mine' }, queue: false });
  await world.settle();
  await world.offline();
  await world.tab('tab2');
  await world.settle();
  expect(author.story(1)).toEqual(['failed unreachable']);
});
