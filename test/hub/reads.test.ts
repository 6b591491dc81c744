import { describe, expect, it } from 'vitest';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import { withRecords } from './with-records.ts';

const BOTH = { a: { title: 'A' }, b: { title: 'B' } };

describe('a read of a topic', () => {
  it('[HB18] says what is new to a tab once: the rows of its first whole answer are no values too, but for how records stand', async () => {
    const world = new HubWorld();
    world.server.note(TOPIC, 'a', { title: 'A' });
    world.server.note(TOPIC, 'b', { title: 'B' });
    const tab = await world.tab('tab1');
    tab.follow();
    const read = tab.read();
    await world.settle();
    expect(tab.rows(read)).toEqual(BOTH);
    expect(tab.values).toEqual([]);
    world.server.change(TOPIC, 'b', { title: 'C' });
    tab.read();
    await world.settle();
    expect(tab.seen('b')).toEqual({ title: 'C' });
  });

  it('[RP11] is answered without a round trip where the topic is followed and caught up', async () => {
    const { world, server, tab } = await withRecords(true);
    const before = server.asked.length;
    const read = tab.read();
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ type: 'rows', source: 'replica', stale: false });
    expect(tab.rows(read)).toEqual(BOTH);
    expect(server.asked.length).toBe(before);
  });

  it('[RP11] asks the server otherwise, from the cursor on, and follows nothing', async () => {
    const { world, server, tab } = await withRecords(false);
    const first = tab.read();
    await world.settle();
    expect(tab.answers.get(first)).toMatchObject({ type: 'rows', source: 'network', stale: false });
    expect(tab.rows(first)).toEqual(BOTH);
    server.note(TOPIC, 'b', null);
    const second = tab.read();
    await world.settle();
    expect(tab.rows(second)).toEqual({ a: { title: 'A' } });
    expect(server.requests('follow').at(-1)?.topics[0]).toMatchObject({ cursor: { offset: 2 }, live: false });
  });

  it('[RP11] asks the server all the same with `reload`', async () => {
    const { world, server, tab } = await withRecords(true);
    const read = tab.read({ cache: 'reload' });
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ source: 'network' });
    expect(server.requests('follow')).toHaveLength(2);
    server.change(TOPIC, 'a', { title: 'C' });
    await world.settle();
    expect(tab.seen('a')).toEqual({ title: 'C' });
  });

  it('[RP11] takes what is kept with `first`, and brings it up to date afterwards', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read();
    await world.settle();
    server.note(TOPIC, 'a', { title: 'C' });
    const read = tab.read({ cache: 'first' });
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ source: 'replica', stale: true });
    const later = tab.read({ cache: 'only' });
    await world.settle();
    expect(tab.rows(later)).toEqual({ a: { title: 'C' }, b: { title: 'B' } });
  });

  it('[RP11] waits for the server with `first` where nothing is kept, and fails with `only`', async () => {
    const { world, tab } = await withRecords(false);
    const only = tab.read({ cache: 'only' });
    await world.settle();
    expect(tab.answers.get(only)).toMatchObject({ type: 'failed', code: 'unreachable' });
    const first = tab.read({ cache: 'first' });
    await world.settle();
    expect(tab.rows(first)).toEqual(BOTH);
  });
});

describe('a read without an answer', () => {
  it('[RP12] is answered from the replica offline, at once, as stale', async () => {
    const { world, tab } = await withRecords(true);
    await world.offline();
    const read = tab.read();
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ type: 'rows', source: 'replica', stale: true });
    expect(tab.rows(read)).toEqual(BOTH);
  });

  it('[RP12] fails offline where nothing is kept', async () => {
    const { world, tab } = await withRecords(false);
    await world.offline();
    const read = tab.read();
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ type: 'failed', code: 'unreachable' });
  });

  it('[RP12] is answered from the replica when its patience is over, and once', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read();
    await world.settle();
    const go = server.hold('follow');
    const read = tab.read();
    await world.clock.advance(2_900);
    expect(tab.answers.get(read)).toBeUndefined();
    await world.clock.advance(200);
    expect(tab.answers.get(read)).toMatchObject({ source: 'replica', stale: true });
    go();
    await world.settle();
    expect(
      tab.batches.flatMap(({ answers }) => answers.filter(({ request }) => request === read)),
    ).toHaveLength(1);
  });

  it('[RP12] waits on where nothing is kept, until the server answers or the link is lost', async () => {
    const { world, server, tab } = await withRecords(false);
    const go = server.hold('follow');
    const read = tab.read();
    await world.clock.advance(10_000);
    expect(tab.answers.get(read)).toBeUndefined();
    go();
    await world.settle();
    expect(tab.rows(read)).toEqual(BOTH);
    server.on('follow', () => new Promise(() => undefined));
    const lost = tab.read({ topic: '/empty' as never });
    await world.settle();
    await world.offline();
    expect(tab.answers.get(lost)).toMatchObject({ type: 'failed', code: 'unreachable' });
  });

  it.each([{}, { record: 'a' }, { query: { title: 'A' } }])(
    '[RP12] waits for a connection that is being made: %j',
    async (what) => {
      const world = new HubWorld();
      world.server.note(TOPIC, 'a', { title: 'A' });
      const tab = await world.tab('tab1');
      world.server.drop();
      tab.silent = true;
      await world.clock.advance(600);
      const read = tab.read(what);
      await world.settle();
      expect(tab.answers.get(read)).toBeUndefined();
      await world.clock.advance(40_000);
      expect(tab.rows(read)).toEqual({ a: { title: 'A' } });
    },
  );
});

describe('a read of one record', () => {
  it('[RP13] is answered by the replica where the topic is caught up: there, or not found', async () => {
    const { world, server, tab } = await withRecords(true);
    const [a, x] = [tab.read({ record: 'a' }), tab.read({ record: 'x' })];
    await world.settle();
    expect(tab.rows(a)).toEqual({ a: { title: 'A' } });
    expect(tab.answers.get(x)).toMatchObject({ type: 'failed', code: 'not-found' });
    expect(server.requests('read')).toEqual([]);
  });

  it.each([
    ['that it had', 'a'],
    ['that it did not have', 'n'],
  ])(
    '[RP15] does not lay an answer over a write that was applied meanwhile, of a record %s',
    async (_what, record) => {
      const { world, server, tab } = await withRecords(false);
      tab.read({ record: 'a' });
      await world.settle();
      let go: () => void = () => undefined;
      server.on('read', async (_request, next) => {
        const answer = next();
        server.on('read', null);
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return answer;
      });
      const late = tab.read({ record, cache: 'reload' });
      await world.settle();
      tab.write({ record, base: null, set: { title: 'Mine' } });
      await world.settle();
      expect(tab.story(1)).toEqual(['settled applied']);
      go();
      await world.settle();
      const after = tab.read({ record, cache: 'only' });
      await world.settle();
      const mine = { [record]: { title: 'Mine' } };
      expect([tab.rows(late), tab.rows(after)]).toEqual([mine, mine]);
    },
  );

  it('[RP15] is asked again where a write was applied meanwhile: what others did shows too', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read({ record: 'a' });
    await world.settle();
    const go = server.hold('read');
    const late = tab.read({ record: 'a', cache: 'reload' });
    await world.settle();
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    server.note(TOPIC, 'a', { rank: 1 });
    go();
    await world.settle();
    expect(tab.rows(late)).toEqual({ a: { title: 'Mine', rank: 1 } });
  });

  it.each([{ record: 'a' }, { query: {} }])(
    '[RP15] is asked again where a part of what is not here was written meanwhile: %o',
    async (what) => {
      const { world, server, tab } = await withRecords(false);
      let go: () => void = () => undefined;
      server.on('read', async (_request, next) => {
        const answer = next();
        server.on('read', null);
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return answer;
      });
      const late = tab.read({ ...what, cache: 'reload' });
      await world.settle();
      tab.write({ record: 'a', base: 1, method: 'patch', set: { title: 'Mine' } });
      await world.settle();
      go();
      await world.settle();
      expect(tab.rows(late)?.a).toEqual({ title: 'Mine' });
    },
  );

  it('[RP13] asks the server otherwise, and keeps the answer', async () => {
    const { world, server, tab } = await withRecords(false);
    const [a, x] = [tab.read({ record: 'a' }), tab.read({ record: 'x' })];
    await world.settle();
    expect(tab.answers.get(a)).toMatchObject({ source: 'network', rows: [['a', 1, { title: 'A' }]] });
    expect(tab.answers.get(x)).toMatchObject({ type: 'failed', code: 'not-found' });
    expect(server.requests('read')).toHaveLength(2);
    await world.offline();
    const again = tab.read({ record: 'a' });
    await world.settle();
    expect(tab.rows(again)).toEqual({ a: { title: 'A' } });
  });

  it('[RP13] forgets a record that the server has no more', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read({ record: 'a' });
    await world.settle();
    server.note(TOPIC, 'a', null);
    tab.read({ record: 'a', cache: 'reload' });
    await world.settle();
    const read = tab.read({ record: 'a', cache: 'only' });
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ type: 'failed' });
  });

  it('[RP13] is answered from the replica when its patience is over', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read({ record: 'a' });
    await world.settle();
    server.hold('read');
    const read = tab.read({ record: 'a' });
    await world.clock.advance(3_100);
    expect(tab.answers.get(read)).toMatchObject({ type: 'rows', source: 'replica', stale: true });
  });
});
