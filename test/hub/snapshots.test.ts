import { describe, expect, it } from 'vitest';
import { MedullaError } from '../../src/protocol/errors.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

const OTHER = '/notes' as Topic;

async function following() {
  const world = new HubWorld();
  world.server.note(TOPIC, 'a', { title: 'One' });
  const tab = await world.tab('tab1');
  tab.follow();
  await world.settle();
  tab.values.length = 0;
  return { world, server: world.server, tab };
}

/** A record to a page. */
async function paged(records: readonly string[], topics = [TOPIC]) {
  const world = new HubWorld();
  const { server } = world;
  server.page = 1;
  for (const topic of topics) for (const record of records) server.note(topic, record, { title: record });
  return { world, server, tab: await world.tab('tab1') };
}

describe('a snapshot of many pages', () => {
  it('[RP8] is put in place whole, with the changes on top that came meanwhile', async () => {
    const { world, server, tab } = await paged(['a', 'b', 'c']);
    const go = server.hold('page');
    tab.follow();
    await world.settle();
    server.change(TOPIC, 'a', { title: 'A2' });
    server.change(TOPIC, 'c', null);
    await world.settle();
    expect(tab.topics.get(TOPIC)).toMatchObject({ loaded: false });
    expect(tab.values).toEqual([]);
    go();
    await world.settle();
    const read = tab.read();
    await world.settle();
    expect(tab.rows(read)).toEqual({ a: { title: 'A2' }, b: { title: 'b' } });
    expect(server.requests('follow')).toHaveLength(1);
    expect(tab.topics.get(TOPIC)).toEqual({ topic: TOPIC, loaded: true, synced: true });
  });

  it('[RP8] is begun again where the link is lost between the pages', async () => {
    const { world, server, tab } = await paged(['a', 'b']);
    server.on('page', () => new Promise(() => undefined));
    tab.follow();
    await world.settle();
    await world.offline();
    server.on('page', null);
    await world.online();
    expect(tab.topics.get(TOPIC)).toEqual({ topic: TOPIC, loaded: true, synced: true });
  });

  it('[RP8] is begun again where the server has another database by then, and keeps no other topic from its end', async () => {
    const { world, server, tab } = await paged(['a', 'b'], [TOPIC, OTHER]);
    let times = 0;
    server.on('page', ({ topic }, next) => {
      if (topic === TOPIC && times++ === 0) throw new MedullaError('gone', 'another database');
      return next();
    });
    tab.follow();
    tab.follow(OTHER);
    await world.clock.advance(40_000);
    for (const topic of [TOPIC, OTHER])
      expect(tab.topics.get(topic)).toEqual({ topic, loaded: true, synced: true });
  });

  it('[RP8] is not taken for what is asked since it was taken back', async () => {
    const { world, server, tab } = await paged(['a', 'b']);
    const goPage = server.hold('page');
    tab.follow();
    await world.settle();
    server.change(TOPIC, 'a', { title: 'A2' });
    server.deny(TOPIC, 'gone');
    const goFollow = server.hold('follow');
    await world.clock.advance(2_000);
    expect(server.requests('follow')).toHaveLength(2);
    goPage();
    await world.settle();
    expect(tab.topics.get(TOPIC)).toMatchObject({ loaded: false });
    goFollow();
    await world.settle();
    expect(tab.seen('a')).toEqual({ title: 'A2' });
    expect(tab.topics.get(TOPIC)).toMatchObject({ synced: true });
  });
});

describe('a follow that the server refuses', () => {
  it('[RP9] is asked again after a while where the server can do nothing now', async () => {
    const world = new HubWorld();
    world.server.note(TOPIC, 'a', { title: 'A' });
    const tab = await world.tab('tab1');
    world.server.on('follow', () => {
      throw new MedullaError('retry', 'busy');
    });
    tab.follow();
    await world.clock.advance(120_000);
    expect(world.server.requests('follow').length).toBeGreaterThan(3);
    expect(world.server.requests('follow').length).toBeLessThan(60);
    world.server.on('follow', null);
    await world.clock.advance(31_000);
    expect(tab.topics.get(TOPIC)).toMatchObject({ synced: true });
  });

  it('[RP9] erases what is kept of a topic that is forbidden, and the layers over it', async () => {
    const { world, server, tab } = await following();
    server.echo = 'never';
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    server.deny(TOPIC, 'forbidden');
    await world.settle();
    expect(tab.seen('a')).toBeNull();
    expect(tab.topics.get(TOPIC)).toEqual({
      topic: TOPIC,
      loaded: false,
      synced: false,
      refused: { code: 'forbidden', message: 'forbidden' },
    });
    expect([world.disk.rows.topics.size, world.onDisk]).toEqual([0, []]);
    const read = tab.read({ cache: 'only' });
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ type: 'failed' });
  });

  it('[RP9] leaves nothing to tabs of what the hub before had shown them', async () => {
    const { world } = await following();
    world.server.on('follow', ({ topics }) => ({
      topics: topics.map(({ topic }) => ({ type: 'denied', topic, code: 'forbidden', message: 'no' })),
    }));
    const tab = await world.tab('tab2', world.start());
    tab.follow();
    await world.settle();
    expect(tab.values.at(-1)).toEqual({ topic: TOPIC, record: 'a', version: 0, attrs: null, state: 'clean' });
  });

  it('[RP9] is not asked again on this link where the answer is final, and is on the next', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('follow', ({ topics }) => ({
      topics: topics.map(({ topic }) => ({
        type: 'denied',
        topic,
        code: 'unknown-resource',
        message: 'no such',
      })),
    }));
    tab.follow();
    await world.clock.advance(60_000);
    expect(world.server.requests('follow')).toHaveLength(1);
    expect(tab.topics.get(TOPIC)?.refused).toEqual({ code: 'unknown-resource', message: 'no such' });
    world.server.on('follow', null);
    await world.offline();
    await world.online();
    expect(tab.topics.get(TOPIC)).toMatchObject({ synced: true });
  });
});

describe('follow and read at once', () => {
  it('[RP10] asks for live changes where a topic is followed while it is read', async () => {
    const world = new HubWorld();
    world.server.note(TOPIC, 'a', { title: 'A' });
    const tab = await world.tab('tab1');
    const go = world.server.hold('follow');
    const read = tab.read();
    await world.settle();
    tab.follow();
    await world.settle();
    go();
    await world.settle();
    expect(world.server.requests('follow').map(({ topics }) => topics[0]?.live)).toEqual([false, true]);
    expect(tab.rows(read)).toEqual({ a: { title: 'A' } });
    world.server.change(TOPIC, 'a', { title: 'B' });
    await world.settle();
    expect(tab.seen('a')).toEqual({ title: 'B' });
  });

  it('[RP10] lets go what was released while it was asked for', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    const go = world.server.hold('follow');
    tab.follow();
    await world.settle();
    tab.post({ type: 'release', topic: TOPIC });
    await world.settle();
    go();
    await world.settle();
    expect(world.server.isLive(TOPIC)).toBe(false);
    tab.follow();
    await world.settle();
    expect(world.server.isLive(TOPIC)).toBe(true);
  });
});
