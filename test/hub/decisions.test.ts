import { describe, expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
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

describe('a refusal', () => {
  it('[OB14] keeps a refused update for its user, on the disk too, and shows the record without it', async () => {
    const { world: w, tab, other } = await world();
    tab.write({ record: 'a', base: 1, set: { bad: 1 } });
    await w.settle();
    expect(tab.story(1)).toEqual(['settled invalid']);
    expect(tab.settlements.at(-1)).toMatchObject({ state: 'rejected' });
    expect([tab.seen('a'), tab.state('a')]).toEqual([{ title: 'A' }, 'rejected']);
    expect([other.seen('a'), other.state('a')]).toEqual([{ title: 'A' }, 'rejected']);
    expect(other.outbox.get('tab1:1')).toMatchObject({ state: 'rejected', receipt: { code: 'invalid' } });
    expect(w.disk.rows.outbox.get(1)?.receipt).toMatchObject({ type: 'invalid' });
  });

  it('[OB14] shows a refused create until somebody decides', async () => {
    const { world: w, tab, other } = await world();
    tab.write({ method: 'create', record: 'n', set: { bad: 1 } });
    await w.settle();
    expect([other.seen('n'), other.state('n')]).toEqual([{ bad: 1 }, 'rejected']);
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'discard' });
    await w.settle();
    expect(other.seen('n')).toBeNull();
    expect([w.onDisk, other.outbox.size]).toEqual([[], 0]);
  });
});

describe('the next write of the record', () => {
  it('[OB15] takes the place of a refused update', async () => {
    const { world: w, tab } = await world();
    tab.write({ record: 'a', base: 1, set: { bad: 1 } });
    await w.settle();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    expect(tab.status).toMatchObject({ pending: 0, rejected: 0 });
    expect([w.onDisk, tab.outbox.size]).toEqual([[], 0]);
  });

  it('[OB15] becomes the create where the create was refused', async () => {
    const { world: w, tab } = await world();
    tab.write({ method: 'create', record: 'n', set: { title: 'N', bad: 1 } });
    await w.settle();
    tab.write({ record: 'n', base: null, set: { rank: 2 }, unset: ['bad'] });
    await w.settle();
    expect(w.server.requests('push').at(-1)?.mutations[0]?.mutation).toMatchObject({
      id: 'tab1:2',
      method: 'create',
      set: { title: 'N', rank: 2 },
      unset: [],
    });
    expect(tab.story(2).at(-1)).toBe('settled applied');
  });

  it('[OB15] goes as a delete where the create was refused', async () => {
    const { world: w, tab, other } = await world();
    tab.write({ method: 'create', record: 'n', set: { bad: 1 } });
    await w.settle();
    tab.write({ method: 'delete', record: 'n' });
    await w.settle();
    expect(tab.status).toMatchObject({ pending: 0, rejected: 0 });
    expect(other.seen('n')).toBeNull();
  });
});

describe('retry', () => {
  it('[OB16] makes a new mutation in the place of the refused one, before what follows it', async () => {
    const { world: w, tab } = await world();
    tab.write({ method: 'create', record: 'n', set: { title: 'N', bad: 1 } });
    await w.settle();
    await w.offline();
    w.server.on('push', null);
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'retry', edit: { title: 'M' } });
    tab.write({ record: 'n', base: 'previous', set: { rank: 1 } });
    await w.settle();
    expect(tab.outbox.has('tab1:1')).toBe(false);
    await w.online();
    const [create] = w.server
      .requests('push')
      .slice(1)
      .flatMap(({ mutations }) => mutations);
    expect(create).toMatchObject({
      mutation: { method: 'create', set: { title: 'M', bad: 1, rank: 1 } },
      also: ['tab1:2'],
    });
    expect(create?.mutation.id).not.toBe('tab1:1');
    expect(w.onDisk).toEqual([]);
  });

  it.each([
    ['create', TOPIC],
    ['update', '/unknown' as Topic],
  ])('[GU2] of what said all of a record goes as a %s, as far as is known of %s', async (method, topic) => {
    const { world: w, tab } = await world();
    tab.write({ topic, record: 'p', base: null, set: { title: 'P', bad: 1 } });
    await w.settle();
    w.server.on('push', null);
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'retry', edit: { bad: null } });
    await w.settle();
    expect(w.server.requests('push').at(-1)?.mutations).toMatchObject([
      { mutation: { method, record: 'p', base: null, set: { title: 'P', bad: null } } },
    ]);
  });

  it('[OB16] drops a decision about what the server has decided meanwhile', async () => {
    const { world: w, tab } = await world();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await w.settle();
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'retry' });
    tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'discard' });
    await w.settle();
    expect(w.server.pushes).toHaveLength(1);
    expect(w.server.requests('withdraw')).toEqual([]);
  });
});
