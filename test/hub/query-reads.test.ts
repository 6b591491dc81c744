import { describe, expect, it } from 'vitest';
import { MedullaError } from '../../src/protocol/errors.ts';
import type { Epoch } from '../../src/protocol/ids.ts';
import { holdAnswer } from '../support/hold-answer.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import { withRecords } from './with-records.ts';

const QUERY = { title: 'A' };

/** A hub that has asked a query, at a server that answers it with record a. */
async function asked() {
  const { world, server, tab } = await withRecords(false);
  server.on('read', ({ query, record }) => ({
    rows: server.rows(TOPIC).filter(([id]) => (query ? id === 'a' : id === record)),
  }));
  const first = tab.read({ query: QUERY });
  await world.settle();
  expect(tab.rows(first)).toEqual({ a: { title: 'A' } });
  return { world, server, tab };
}

describe('a query', () => {
  it.each([
    ['network', 1],
    ['reload', 1],
    ['first', 0],
    ['only', 0],
  ] as const)('[RD1] read with cache %s asks the server %i times more', async (cache, times) => {
    const { world, server, tab } = await asked();
    const before = server.requests('read').length;
    const again = tab.read({ query: QUERY, cache });
    await world.settle();
    expect(server.requests('read').length - before).toBe(times);
    const source = times ? { source: 'network', stale: false } : { source: 'replica', stale: true };
    expect(tab.answers.get(again)).toMatchObject(source);
    expect(tab.rows(again)).toEqual({ a: { title: 'A' } });
  });

  it('[RD1] is the same whatever the order of its names, and another where a value is', async () => {
    const { world, tab } = await asked();
    tab.read({ query: { x: 1, y: 2 } });
    await world.settle();
    const [same, other] = [
      tab.read({ query: { y: 2, x: 1 }, cache: 'only' }),
      tab.read({ query: { x: 1 }, cache: 'only' }),
    ];
    await world.settle();
    expect(tab.rows(same)).toEqual({ a: { title: 'A' } });
    expect(tab.answers.get(other)).toMatchObject({ type: 'failed', code: 'unreachable', status: 0 });
  });

  it('[RD2] is answered from the disk by the next hub, offline, with what is on its way on top', async () => {
    const { world } = await asked();
    world.server.up = false;
    world.server.drop();
    const hub = world.start();
    const tab = await world.tab('tab2', hub);
    tab.write(
      { method: 'create', record: 'n', set: { title: 'A', rank: 1 } },
      { method: 'create', record: 'o', set: { title: 'other' } },
      { record: 'a', base: 1, method: 'patch', set: { rank: 2 } },
    );
    await world.settle();
    const reads = [tab.read({ query: QUERY }), tab.read({ query: QUERY, pending: true })];
    await world.settle();
    expect(tab.rows(reads[0] ?? 0)).toEqual({ a: { title: 'A', rank: 2 }, n: { title: 'A', rank: 1 } });
    expect(Object.keys(Object(tab.rows(reads[1] ?? 0)))).toEqual(['a', 'n', 'o']);
    tab.write({ method: 'delete', record: 'a' }, { record: 'n', base: 'previous', set: { title: 'B' } });
    await world.settle();
    const after = tab.read({ query: QUERY });
    await world.settle();
    expect(tab.rows(after)).toEqual({});
  });

  it('[RD2] whose own reading of it is the server’s alone keeps what it chose', async () => {
    const { world, tab } = await asked();
    const search = { search: 'a' };
    tab.read({ query: search });
    await world.settle();
    await world.offline();
    tab.write({ record: 'a', base: 1, method: 'patch', set: { title: 'B' } });
    await world.settle();
    const read = tab.read({ query: search });
    await world.settle();
    expect(tab.rows(read)).toEqual({ a: { title: 'B' } });
  });

  it('[RD2] is answered from here where the server takes its time, or can do nothing now', async () => {
    const { world, server, tab } = await asked();
    const go = server.hold('read');
    const late = tab.read({ query: QUERY });
    await world.settle(3_000);
    expect(tab.answers.get(late)).toMatchObject({ source: 'replica', stale: true });
    go();
    await world.settle();
    server.on('read', () => Promise.reject(new MedullaError('retry', 'Not now')));
    const refused = tab.read({ query: QUERY });
    await world.settle();
    expect(tab.answers.get(refused)).toMatchObject({ source: 'replica', stale: true });
  });

  it('[RD2] that is forbidden is not kept', async () => {
    const { world, server, tab } = await asked();
    server.on('read', () => Promise.reject(new MedullaError('forbidden', 'No')));
    const [refused] = [tab.read({ query: QUERY }), tab.read({ record: 'a' })];
    await world.settle();
    expect(tab.answers.get(refused)).toMatchObject({ type: 'failed', code: 'forbidden' });
    const after = [tab.read({ query: QUERY, cache: 'only' }), tab.read({ record: 'a', cache: 'only' })];
    await world.settle();
    for (const read of after) expect(tab.answers.get(read)).toMatchObject({ code: 'unreachable' });
    expect(world.disk.rows.queries.get(TOPIC)?.size).toBe(0);
  });

  it('[RD3] is one of the newest twenty of its topic, on the disk too', async () => {
    const { world, tab } = await asked();
    for (let page = 1; page <= 20; page++) {
      tab.read({ query: { page } });
      if (page === 2) tab.read({ query: QUERY });
      await world.settle();
    }
    const kept = [QUERY, { page: 1 }, { page: 2 }, { page: 20 }].map((query) =>
      tab.read({ query, cache: 'only' }),
    );
    await world.settle();
    expect(kept.map((read) => tab.answers.get(read)?.type)).toEqual(['rows', 'failed', 'rows', 'rows']);
    expect(world.disk.rows.queries.get(TOPIC)?.size).toBe(20);
  });

  it('[RD3] is kept over a snapshot of its topic, and forgotten with it', async () => {
    const { world, tab, server } = await asked();
    tab.follow();
    await world.settle();
    expect([...(world.disk.rows.queries.get(TOPIC)?.values() ?? [])]).toMatchObject([{ records: ['a'] }]);
    server.deny(TOPIC, 'forbidden');
    await world.settle();
    expect(world.disk.rows.queries.get(TOPIC)).toBeUndefined();
  });
});

it('[RD10] lays no late answer of a query over what is newer, of a topic that is followed', async () => {
  const { world, server, tab } = await withRecords(true);
  const go = holdAnswer(server, 'read');
  const read = tab.read({ query: QUERY });
  await world.settle();
  server.change(TOPIC, 'a', { title: 'newer' });
  server.change(TOPIC, 'b', null);
  await world.settle();
  go();
  await world.settle();
  expect(tab.rows(read)).toEqual({ a: { title: 'newer' } });
});

describe('what is read of another life of the database', () => {
  it.each([
    ['that this hub has read', false],
    ['that an earlier hub has read', true],
  ])('[RD4] takes the place of a record %s, whatever its version was', async (_what, restart) => {
    const world = new HubWorld();
    const { server } = world;
    let [epoch, version, title] = ['one', 9, 'old'];
    server.on('read', () => ({ rows: [['a', version, { title }]], epoch: epoch as Epoch }));
    const tab = await world.tab('tab1');
    tab.read({ record: 'a' });
    await world.settle();
    [epoch, version, title] = ['two', 1, 'new'];
    const next = restart ? await world.tab('tab2', world.start()) : tab;
    const read = next.read({ record: 'a', cache: 'reload' });
    await world.settle();
    expect(next.rows(read)).toEqual({ a: { title: 'new' } });
    const kept = next.read({ record: 'a', cache: 'only' });
    await world.settle();
    expect(next.rows(kept)).toEqual({ a: { title: 'new' } });
  });
});
