import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { HubWorld } from '../support/hub-world.ts';

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

describe('a write behind one that may have been applied', () => {
  async function offered(method: 'create' | 'update') {
    const world = new HubWorld({ options: { attempts: 1 } });
    const tab = await world.tab('tab1');
    world.server.on('push', () => {
      world.server.drop();
      return new Promise(() => undefined);
    });
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
});
