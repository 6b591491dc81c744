import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import type { RawTab } from '../support/raw-tab.ts';

/** Refuses whatever sets `bad`. */
function refusing(world: HubWorld): void {
  world.server.on('push', ({ mutations }: Requests['push'], next) => {
    const bad = mutations.filter(({ mutation }) => 'bad' in mutation.set);
    if (bad.length === 0) return next();
    const receipts = bad.map(
      ({ mutation, also }): Receipt => ({
        type: 'invalid',
        ids: [mutation.id, ...also],
        code: 'invalid',
        message: 'bad',
      }),
    );
    return { receipts, number: 1 };
  });
}

async function world(): Promise<{ world: HubWorld; tab: RawTab; other: RawTab }> {
  const world = new HubWorld();
  world.server.note(TOPIC, 'a', { title: 'A' });
  const [tab, other] = [await world.tab('tab1'), await world.tab('tab2')];
  for (const one of [tab, other]) one.follow().post({ type: 'watch' });
  refusing(world);
  await world.settle();
  return { world, tab, other };
}

describe('discard', () => {
  it('[OB17] takes along what followed a create that never was', async () => {
    const { world: w, tab, other } = await world();
    await w.offline();
    tab.write({ method: 'create', record: 'n', set: { title: 'N' } });
    tab.write({ record: 'n', base: 'previous', set: { title: 'M' } });
    tab.write({ record: 'a', set: { title: 'B' } });
    await w.settle();
    expect(other.seen('n')).toEqual({ title: 'M' });
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'discard' });
    await w.settle();
    expect([1, 2].map((n) => tab.story(n))).toEqual([
      ['queued', 'failed withdrawn'],
      ['queued', 'failed withdrawn'],
    ]);
    expect([other.seen('n'), other.seen('a')]).toEqual([null, { title: 'B' }]);
    await w.online();
    expect(w.server.pushes).toEqual([['tab1:3']]);
  });

  it('[OB19] is on the disk before the hub can die', async () => {
    const { world: w, tab } = await world();
    await w.offline();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    tab.post({ type: 'abort', id: 'tab1:1' as never });
    await w.settle(1);
    expect([tab.story(1), w.onDisk]).toEqual([['queued', 'failed abort'], []]);
  });

  it('[OB18] withdraws what nobody has sent where its tab is asleep: it would repeat it when it wakes', async () => {
    const { world: w, tab, other } = await world();
    await w.offline();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    tab.post({ type: 'goodbye' });
    other.post({ type: 'decide', id: 'tab1:1' as never, decision: 'discard' });
    await w.settle();
    expect(other.seen('a')).toEqual({ title: 'A' });
    await w.online();
    expect(w.server.requests('withdraw')).toEqual([{ user: 'ann', ids: ['tab1:1'] }]);
    expect([w.server.pushes, w.onDisk]).toEqual([[], []]);
  });

  it('[OB18] asks the server to withdraw what may have been sent, and holds to that without a connection', async () => {
    const { world: w, tab, other } = await world();
    w.server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    await w.offline();
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'discard' });
    await w.settle();
    expect(other.seen('a')).toEqual({ title: 'A' });
    w.server.on('push', null);
    await w.online();
    expect(w.server.requests('withdraw')).toEqual([{ user: 'ann', ids: ['tab1:1'] }]);
    expect(w.server.pushes).toHaveLength(1);
    expect(tab.story(1)).toEqual(['queued', 'settled withdrawn']);
    expect(w.onDisk).toEqual([]);
  });

  it('[OB18] holds to it over a restart of the hub', async () => {
    const { world: w, tab } = await world();
    w.server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    await w.offline();
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'discard' });
    await w.settle();
    await w.hub.close();
    w.start();
    w.server.on('push', null);
    await w.online();
    expect(w.server.requests('withdraw')).toHaveLength(1);
    expect([w.server.pushes.length, w.onDisk]).toEqual([1, []]);
  });

  it('[OB18] lets what the server has applied stand', async () => {
    const { world: w, tab, other } = await world();
    w.server.echo = 'never';
    w.server.on('push', (_request, next) => {
      next();
      return new Promise(() => undefined);
    });
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    await w.offline();
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'discard' });
    await w.settle();
    w.server.on('push', null);
    expect(tab.seen('a')).toEqual({ title: 'A' });
    await w.online();
    expect(tab.story(1)).toEqual(['queued', 'settled applied']);
    for (const one of [tab, other])
      expect([one.seen('a'), one.state('a')]).toEqual([{ title: 'B' }, 'clean']);
  });

  it('[OB18] withdraws a parked one before its edit goes under a new id', async () => {
    const { world: w, tab } = await world();
    w.server.on('push', ({ mutations }) => ({
      receipts: [
        {
          type: 'retry',
          ids: mutations.map(({ mutation }) => mutation.id),
          code: 'retry',
          message: '',
          after: 60_000,
        },
      ],
      number: 1,
    }));
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    w.server.on('push', null);
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'retry', edit: { title: 'C' } });
    await w.settle();
    expect(w.server.requests('withdraw')).toHaveLength(1);
    expect(w.server.requests('push').at(-1)?.mutations[0]?.mutation.set).toEqual({ title: 'C' });
    expect(w.server.pushes.at(-1)).not.toEqual(['tab1:1']);
    expect(tab.status).toMatchObject({ pending: 0, rejected: 0 });
  });
});

describe('abort', () => {
  it('[OB19] takes back what was never sent, and nothing else', async () => {
    const { world: w, tab, other } = await world();
    const go = w.server.hold('push');
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    tab.write({ record: 'a', base: 'previous', set: { title: 'C' } });
    await w.settle();
    for (const id of ['tab1:1', 'tab1:2']) tab.post({ type: 'abort', id: id as never });
    await w.settle();
    expect(tab.story(2)).toEqual(['queued', 'failed abort']);
    expect(other.seen('a')).toEqual({ title: 'B' });
    go();
    await w.settle();
    expect(tab.story(1)).toEqual(['queued', 'settled applied']);
  });

  it('[OB19] shows its tab, which may have let go of it while it slept, what comes of what stands', async () => {
    const { world: w, tab } = await world();
    const go = w.server.hold('push');
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    tab.post({ type: 'abort', id: 'tab1:1' as never });
    await w.settle();
    go();
    await w.settle();
    expect([tab.seen('a'), tab.state('a')]).toEqual([{ title: 'B' }, 'clean']);
  });

  it('[OB19] lets what an earlier hub may have sent stand', async () => {
    const { world: w, tab } = await world();
    await w.offline();
    tab.write({ record: 'a', base: 1, set: { title: 'B' }, repeated: true });
    tab.post({ type: 'abort', id: 'tab1:1' as never });
    await w.settle();
    await w.online();
    expect(tab.story(1)).toEqual(['queued', 'settled applied']);
  });

  it('[OB19] lets a create stand that later writes build on', async () => {
    const { world: w, tab } = await world();
    await w.offline();
    tab.write({ method: 'create', record: 'n', set: { title: 'N' } });
    tab.write({ record: 'n', base: 'previous', set: { rank: 1 } });
    tab.post({ type: 'abort', id: 'tab1:1' as never });
    await w.settle();
    await w.online();
    expect(w.server.rows(TOPIC).find(([id]) => id === 'n')?.[2]).toEqual({ title: 'N', rank: 1 });
  });
});
