import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

/** A refused create in the outbox. */
async function refusedCreate() {
  const world = new HubWorld();
  world.server.on('push', ({ mutations }: Requests['push']) => ({
    receipts: mutations.map(
      ({ mutation }): Receipt => ({ type: 'invalid', ids: [mutation.id], code: 'invalid', message: 'no' }),
    ),
    number: 1,
  }));
  const tab = await world.tab('tab1');
  tab.write({ method: 'create', record: 'n', set: { bad: 1, title: 'N' } });
  await world.settle();
  world.server.on('push', null);
  return { world, tab };
}

describe('a write in the place of a refused create', () => {
  it('[OB25] leaves it there where the write is not to be queued and the connection is lost', async () => {
    const { world, tab } = await refusedCreate();
    world.server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'n', base: 'previous', set: { title: 'M' }, queue: false });
    await world.settle();
    await world.offline();
    expect([tab.story(2), world.onDisk, tab.status?.rejected]).toEqual([
      ['failed unreachable'],
      ['tab1:1'],
      1,
    ]);
  });

  it('[OB25] ends it where the write is not to be queued and is applied', async () => {
    const { world, tab } = await refusedCreate();
    tab.write({ record: 'n', base: 'previous', set: { bad: null }, queue: false });
    await world.settle();
    expect([tab.story(2), world.onDisk, tab.status?.rejected]).toEqual([['settled applied'], [], 0]);
    expect(world.server.requests('push').at(-1)?.mutations).toMatchObject([
      { mutation: { method: 'create', set: { bad: null, title: 'N' } } },
    ]);
  });

  it('[OB25] gives it back when it is taken back', async () => {
    const { world, tab } = await refusedCreate();
    tab.post({ type: 'watch' });
    await world.offline();
    tab.write({ record: 'n', base: 'previous', set: { title: 'M' } });
    await world.settle();
    expect(world.onDisk).toEqual(['tab1:2']);
    tab.post({ type: 'abort', id: 'tab1:2' as never });
    await world.settle();
    expect([tab.story(2).at(-1), world.onDisk, tab.outbox.get('tab1:1')?.state]).toEqual([
      'failed abort',
      ['tab1:1'],
      'rejected',
    ]);
  });
});

it('[OB28] takes nobody’s place where it was repeated: it may be older than what was refused', async () => {
  const { world, tab } = await refusedCreate();
  const other = await world.tab('tab2');
  other.write({ n: 1, record: 'n', base: 'previous', set: { title: 'old' }, repeated: true });
  await world.settle();
  expect([world.onDisk, tab.status?.rejected]).toEqual([['tab1:1', 'tab2:1'], 1]);
});

describe('a write behind one that may have been applied', () => {
  async function offered(method: 'create' | 'update') {
    const world = new HubWorld({ options: { attempts: 1 } });
    const tab = await world.tab('tab1');
    world.server.on('push', () => {
      world.server.drop();
      return new Promise(() => undefined);
    });
    tab.follow();
    tab.write({ record: 'a', base: null, method, set: { x: 'first' } });
    await world.clock.advance(300_000);
    expect(tab.story(1)).toEqual(['queued', 'settled retry']);
    world.server.on('push', null);
    return { world, tab };
  }

  it('[OB26] goes once that is withdrawn', async () => {
    const { world, tab } = await offered('update');
    const go = world.server.hold('withdraw');
    const before = world.server.pushes.length;
    tab.write({ record: 'a', base: null, set: { x: 'second' } });
    await world.settle();
    expect([world.server.requests('withdraw').length, world.server.pushes.length]).toEqual([1, before]);
    go();
    await world.settle();
    expect([world.server.pushes.slice(before), world.onDisk]).toEqual([[['tab1:2']], []]);
  });

  it('[OB26] goes with the create that comes again under a new id', async () => {
    const { world, tab } = await offered('create');
    tab.write({ record: 'a', base: 'previous', set: { y: 'second' } });
    await world.settle();
    const [last] = world.server.requests('push').at(-1)?.mutations ?? [];
    expect(last).toMatchObject({
      mutation: { method: 'create', set: { x: 'first', y: 'second' } },
      also: ['tab1:2'],
    });
    expect(last?.mutation.id).not.toBe('tab1:1');
    expect(world.onDisk).toEqual([]);
  });

  it.each(['abort', 'not queued'])(
    '[OB26] leaves it, under a new id, if it comes to nothing: %s',
    async (how) => {
      const { world, tab } = await offered('update');
      if (how === 'abort') await world.offline();
      else world.server.hold('withdraw');
      tab.write({ record: 'a', base: null, set: { y: 'second' }, queue: how === 'abort' });
      await world.settle();
      if (how === 'abort') tab.post({ type: 'abort', id: 'tab1:2' as never });
      else await world.offline();
      world.server.on('withdraw', null);
      await world.settle();
      await world.online();
      expect([tab.seen('a'), tab.status?.rejected, world.onDisk]).toEqual([{ x: 'first' }, 0, []]);
      expect(world.server.pushes.flat()).not.toContain('tab1:2');
    },
  );
});

describe('writes behind a refused create', () => {
  /** U1 was handed over while the create was on its way. */
  async function withFollower() {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.post({ type: 'watch' });
    const go = world.server.hold('push');
    tab.write({ method: 'create', record: 'n', set: { bad: 1, title: 'N' } });
    await world.settle();
    tab.write({ record: 'n', base: 'previous', set: { title: 'U1' }, unset: ['bad'] });
    await world.settle();
    world.server.decideAgainst('tab1:1');
    go();
    await world.settle();
    expect([tab.outbox.get('tab1:1')?.state, tab.outbox.get('tab1:2')?.state]).toEqual([
      'rejected',
      'queued',
    ]);
    return { world, tab };
  }

  it('[OB25] stand in its place by the first of them: a later one that is taken back changes nothing', async () => {
    const { world, tab } = await withFollower();
    await world.offline();
    tab.write({ record: 'n', base: 'previous', set: { rank: 1 } });
    await world.settle();
    tab.post({ type: 'abort', id: 'tab1:3' as never });
    await world.settle();
    expect(world.onDisk).toEqual(['tab1:2']);
    await world.online();
    expect(world.server.requests('push').at(-1)?.mutations).toMatchObject([
      { mutation: { id: 'tab1:2', method: 'create', set: { title: 'U1' } } },
    ]);
  });

  it('[OB25] stand in its place by the first of them: a later one may be lost with the connection', async () => {
    const { world, tab } = await withFollower();
    world.server.on('push', (_request, next) => {
      next();
      return new Promise(() => undefined);
    });
    tab.write({ record: 'n', base: 'previous', set: { rank: 1 }, queue: false });
    await world.settle();
    await world.offline();
    world.server.on('push', null);
    await world.online();
    expect(tab.story(3)).toEqual(['failed unreachable', 'settled applied']);
    expect([tab.status?.rejected, world.onDisk]).toEqual([0, []]);
  });
});

it('[OB25] A write that is not to be queued and is discarded leaves the refused one to its user', async () => {
  const { world, tab } = await refusedCreate();
  tab.post({ type: 'watch' });
  world.server.on('push', () => new Promise(() => undefined));
  tab.write({ record: 'n', base: 'previous', set: { title: 'M' }, queue: false });
  await world.settle();
  tab.post({ type: 'decide', id: 'tab1:2' as never, decision: 'discard' });
  await world.settle();
  expect([[...tab.outbox.keys()], world.onDisk]).toEqual([['tab1:1'], ['tab1:1']]);
});

it('[OB20] A write that is not to be queued fails with its hub: what came after it may be applied by now', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  tab.write({ n: 1, record: 'a', set: { x: 1 }, queue: false, repeated: true });
  await world.settle();
  expect([tab.story(1), world.server.pushes]).toEqual([['failed unreachable', 'settled withdrawn'], []]);
});

it('[OB22] A repeated write that is repeated again is told how it stands', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  await world.offline();
  for (let i = 0; i < 2; i++) {
    tab.hello().write({ n: 1, record: 'a', set: { x: 1 }, repeated: true });
    await world.settle();
  }
  expect(tab.story(1)).toEqual(['queued', 'queued']);
});

it('[RP6] A write that is repeated after a newer one is not laid over that', async () => {
  const world = new HubWorld();
  world.server.note(TOPIC, 'a', { title: 'A' });
  const [a, b] = [await world.tab('tab1'), await world.tab('tab2')];
  b.read({ record: 'a' });
  await world.settle();
  const go = world.server.hold('push');
  a.write({ record: 'a', base: 1, set: { title: 'old' } });
  await world.settle();
  a.post({ type: 'goodbye' });
  go();
  await world.settle();
  b.write({ record: 'a', base: 2, set: { title: 'new' } });
  await world.settle();
  a.hello().write({ n: 1, record: 'a', base: 1, set: { title: 'old' }, repeated: true });
  await world.settle();
  const after = b.read({ record: 'a', cache: 'only' });
  await world.settle();
  expect([a.story(1).at(-1), b.rows(after)]).toEqual(['settled applied', { a: { title: 'new' } }]);
});
