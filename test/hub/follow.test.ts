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

describe('a topic that tabs follow', () => {
  it('[RP1] is followed once for all of them, from a snapshot on; changes reach each as values', async () => {
    const world = new HubWorld();
    world.server.note(TOPIC, 'a', { title: 'One' });
    const [one, two] = [await world.tab('tab1'), await world.tab('tab2')];
    one.follow();
    two.follow();
    await world.settle();
    expect(world.server.requests('follow').map(({ topics }) => topics)).toEqual([
      [{ topic: TOPIC, cursor: null, live: true }],
    ]);
    expect(one.topics.get(TOPIC)).toEqual({ topic: TOPIC, loaded: true, synced: true });
    world.server.change(TOPIC, 'b', { title: 'Two' });
    await world.settle();
    const value = { topic: TOPIC, record: 'b', version: 2, attrs: { title: 'Two' }, state: 'clean' };
    expect(one.values.at(-1)).toEqual(value);
    expect(two.values.at(-1)).toEqual(value);
  });

  it('[RP1] is let go when the last tab releases it or goes', async () => {
    const { world, server, tab } = await following();
    const other = await world.tab('tab2');
    other.follow();
    tab.post({ type: 'release', topic: TOPIC });
    await world.settle();
    expect(server.isLive(TOPIC)).toBe(true);
    other.post({ type: 'goodbye' });
    await world.settle();
    expect(server.isLive(TOPIC)).toBe(false);
  });

  it('[RP1] is asked for in one request with the others', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.follow();
    tab.follow(OTHER);
    await world.settle();
    await world.offline();
    await world.online();
    expect(
      world.server
        .requests('follow')
        .at(-1)
        ?.topics.map(({ topic }) => topic),
    ).toEqual([TOPIC, OTHER]);
  });

  it('[RP7] goes on from its cursor after a loss of the link, and after a restart of the hub', async () => {
    const { world, server, tab } = await following();
    await world.offline();
    expect(tab.topics.get(TOPIC)).toEqual({ topic: TOPIC, loaded: true, synced: false });
    server.note(TOPIC, 'b', { title: 'Two' });
    await world.online();
    expect(server.requests('follow').at(-1)?.topics[0]?.cursor).toEqual(server.cursor(TOPIC, 1));
    expect(tab.seen('b')).toEqual({ title: 'Two' });
    expect(tab.topics.get(TOPIC)).toMatchObject({ synced: true });
    await world.hub.close();
    world.start();
    const again = await world.tab('tab2');
    again.follow();
    await world.settle();
    expect(server.requests('follow').at(-1)?.topics[0]?.cursor).toEqual(server.cursor(TOPIC, 2));
  });

  it('[RP7] asks again where something is missing, and shows nothing of what came too early', async () => {
    const { world, server, tab } = await following();
    server.note(TOPIC, 'a', { title: 'Two' });
    server.note(TOPIC, 'a', { done: true });
    server.tell(TOPIC, 2);
    await world.settle();
    expect(server.requests('follow')).toHaveLength(2);
    expect(tab.values.map(({ attrs }) => attrs)).toEqual([{ title: 'Two', done: true }]);
  });

  it('[RP7] takes a snapshot where the cursor does not hold: what is not in it is gone', async () => {
    const { world, server, tab } = await following();
    server.replaced('epoch2');
    server.note(TOPIC, 'b', { title: 'New' });
    server.drop();
    await world.online();
    expect([tab.seen('a'), tab.seen('b')]).toEqual([null, { title: 'New' }]);
    expect([...(world.disk.rows.records.get(TOPIC)?.keys() ?? [])]).toEqual(['b']);
  });

  it('[RP7] begins anew where the answer does not fit the cursor', async () => {
    const { world, server, tab } = await following();
    await world.offline();
    server.note(TOPIC, 'a', { title: 'Two' });
    let times = 0;
    server.on('follow', (_request, next) => {
      const answer = next();
      if (times++ > 0) return answer;
      const [first] = answer.topics;
      if (first?.type !== 'changes') throw new Error('no changes');
      return { topics: [{ ...first, changes: { ...first.changes, from: 99 } }] };
    });
    await world.online();
    expect(server.requests('follow').at(-1)?.topics[0]?.cursor).toBeNull();
    expect(tab.seen('a')).toEqual({ title: 'Two' });
  });
});

describe('a snapshot of many pages', () => {
  it('[RP8] is put in place whole, with the changes on top that came meanwhile', async () => {
    const world = new HubWorld();
    const { server } = world;
    server.page = 1;
    for (const record of ['a', 'b', 'c']) server.note(TOPIC, record, { title: record });
    const tab = await world.tab('tab1');
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
    const world = new HubWorld();
    const { server } = world;
    server.page = 1;
    for (const record of ['a', 'b']) server.note(TOPIC, record, { title: record });
    const tab = await world.tab('tab1');
    server.on('page', () => new Promise(() => undefined));
    tab.follow();
    await world.settle();
    await world.offline();
    server.on('page', null);
    await world.online();
    expect(tab.topics.get(TOPIC)).toEqual({ topic: TOPIC, loaded: true, synced: true });
  });

  it('[RP8] is begun again where the server has another database by then, and keeps no other topic from its end', async () => {
    const world = new HubWorld();
    const { server } = world;
    server.page = 1;
    for (const topic of [TOPIC, OTHER])
      for (const record of ['a', 'b']) server.note(topic, record, { title: record });
    const tab = await world.tab('tab1');
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
    expect(tab.topics.get(TOPIC)).toEqual({ topic: TOPIC, loaded: false, synced: false });
    expect([world.disk.rows.topics.size, world.onDisk]).toEqual([0, []]);
    const read = tab.read({ cache: 'only' });
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ type: 'failed' });
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
