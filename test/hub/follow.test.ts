import { describe, expect, it } from 'vitest';
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
