import { describe, expect, it } from 'vitest';
import { holdAnswer } from '../support/hold-answer.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import { appliedBefore } from './applied-before.ts';
import { twoFollowers } from './two-followers.ts';

describe('an effect on a topic that nobody follows', () => {
  it('[RP6] goes into the replica, also of a topic that is only on the disk', async () => {
    const { world, tab, other } = await twoFollowers();
    for (const one of [tab, other]) one.post({ type: 'release', topic: TOPIC });
    await world.settle(1_000); // a snapshot takes its time to the disk
    await world.hub.close();
    world.start();
    const again = await world.tab('tab3');
    again.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    expect(world.onDisk).toEqual([]);
    await world.offline();
    const read = again.read();
    await world.settle();
    expect(again.rows(read)).toEqual({ a: { title: 'B' } });
  });

  it('[RP6] goes into the replica of the next hub too', async () => {
    const { world, tab } = await twoFollowers();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    await world.hub.close();
    world.start();
    const again = await world.tab('tab3');
    await world.settle(4_000);
    expect(world.onDisk).toEqual([]);
    await world.offline();
    const read = again.read();
    await world.settle();
    expect(again.rows(read)).toEqual({ a: { title: 'B' } });
  });

  it('[RP6] goes into a single record that was read', async () => {
    const world = new HubWorld();
    world.server.note(TOPIC, 'a', { title: 'A' });
    const tab = await world.tab('tab1');
    tab.read({ record: 'a' });
    await world.settle();
    await world.hub.close();
    world.start();
    const again = await world.tab('tab2');
    again.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    await world.offline();
    const read = again.read({ record: 'a' });
    await world.settle();
    expect(again.rows(read)).toEqual({ a: { title: 'B' } });
  });

  it('[RP6] makes no record of a part', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.write({ method: 'patch', record: 'a', base: 1, set: { title: 'B' } });
    tab.write({ method: 'create', record: 'b', set: { title: 'Whole' } });
    await world.settle();
    await world.offline();
    const [a, b] = [tab.read({ record: 'a' }), tab.read({ record: 'b' })];
    await world.settle();
    expect(tab.answers.get(a)).toMatchObject({ type: 'failed', code: 'unreachable' });
    expect(tab.rows(b)).toEqual({ b: { title: 'Whole' } });
  });

  it('[RP6] is not lost under the answer to a read that was under way', async () => {
    const world = new HubWorld();
    const { server } = world;
    server.note(TOPIC, 'a', { title: 'A' });
    server.note(TOPIC, 'b', { title: 'B' });
    const tab = await world.tab('tab1');
    const go = holdAnswer(server, 'follow');
    const read = tab.read();
    await appliedBefore(world, tab, go);
    expect(tab.rows(read)).toEqual({ a: { title: 'Mine' }, b: { title: 'B' } });
    expect(world.onDisk).toEqual([]);
  });
});
