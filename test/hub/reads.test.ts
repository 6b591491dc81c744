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
