import { describe, expect, it } from 'vitest';
import { holdAnswer } from '../support/hold-answer.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import type { RawTab } from '../support/raw-tab.ts';
import { twoFollowers } from './two-followers.ts';

const history = (tab: RawTab, record: string) =>
  tab.values.filter((value) => value.record === record).map(({ attrs }) => attrs && JSON.stringify(attrs));

describe('the layer of a write that was applied', () => {
  it('[RP5] stays until its change comes, and goes with it: no flicker, no echo', async () => {
    const { world, server, tab, other } = await twoFollowers();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    expect(world.onDisk).toEqual(['tab1:1']);
    expect([other.seen('a'), other.state('a')]).toEqual([{ title: 'B' }, 'clean']);
    server.tell(TOPIC, 1);
    await world.settle();
    expect(world.onDisk).toEqual([]);
    expect(history(tab, 'a')).toEqual([]);
    expect(new Set(history(other, 'a'))).toEqual(new Set(['{"title":"B"}']));
    const read = tab.read();
    await world.settle();
    expect(tab.rows(read)).toEqual({ a: { title: 'B' } });
  });

  it('[RP5] ends where a backup of the database does not reach it', async () => {
    const { world, server, tab, other } = await twoFollowers();
    tab.write({ record: 'b', method: 'create', set: { title: 'B' } });
    await world.settle();
    expect([server.log(TOPIC).length, world.onDisk]).toEqual([2, ['tab1:1']]);
    server.restored(TOPIC, 1);
    server.drop();
    await world.settle(5_000);
    expect([tab.seen('b'), other.seen('b'), world.onDisk]).toEqual([null, null, []]);
  });

  it('[RP5] is gone at once where the change came before the receipt', async () => {
    const { world, server, tab } = await twoFollowers();
    server.echo = 'before';
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    expect(world.onDisk).toEqual([]);
    expect(history(tab, 'a')).toEqual([]);
  });

  it('[RP5] gives way to a later change of somebody else, for its author too, also where both came before the receipt', async () => {
    const { world, server, tab, other } = await twoFollowers();
    const go = holdAnswer(server, 'push');
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    server.tell(TOPIC, 1);
    server.change(TOPIC, 'a', { title: 'C' });
    await world.settle();
    go();
    await world.settle();
    expect([tab.seen('a'), other.seen('a')]).toEqual([{ title: 'C' }, { title: 'C' }]);
  });

  it('[RP5] shows what the server made of it', async () => {
    const { world, server, tab, other } = await twoFollowers();
    server.on('push', ({ mutations }, next) => {
      next();
      return {
        receipts: mutations.map(({ mutation }) => ({
          type: 'applied',
          ids: [mutation.id],
          offset: 2,
          set: { at: 7 },
        })),
        number: 1,
      };
    });
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    expect([tab.seen('a'), other.seen('a')]).toEqual(Array(2).fill({ title: 'B', at: 7 }));
  });

  it('[RP5] stays over a snapshot that was begun before it, and ends with the changes after that', async () => {
    const world = new HubWorld();
    const { server } = world;
    server.echo = 'never';
    server.page = 1;
    for (const record of ['a', 'b', 'c']) server.note(TOPIC, record, { title: record });
    const tab = await world.tab('tab1');
    const other = await world.tab('tab2');
    const go = server.hold('page');
    tab.follow();
    other.follow();
    await world.settle();
    tab.write({ method: 'create', record: 'n', set: { title: 'N' } });
    await world.settle();
    expect(tab.story(1).at(-1)).toBe('settled applied');
    // Rows as they were when the snapshot was begun.
    const rows = server.rows(TOPIC).filter(([record]) => record !== 'n');
    go();
    server.on('page', ({ after }) => {
      const left = rows.filter(([record]) => String(record) > after);
      return { rows: left.slice(0, 1), next: left.length > 1 ? (String(left[0]?.[0]) as never) : null };
    });
    await world.settle();
    expect(tab.topics.get(TOPIC)).toMatchObject({ loaded: true });
    expect(history(other, 'n')).not.toContain(null);
    expect(other.seen('n')).toEqual({ title: 'N' });
    server.tell(TOPIC, 3);
    await world.settle();
    expect(world.onDisk).toEqual([]);
    expect(history(other, 'n')).not.toContain(null);
  });

  it('[RP5] ends with another life of the database', async () => {
    const { world, server, tab, other } = await twoFollowers();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    server.replaced('epoch2');
    server.note(TOPIC, 'z', { title: 'Z' });
    server.drop();
    await world.online();
    expect([other.seen('a'), other.seen('z')]).toEqual([null, { title: 'Z' }]);
    expect(world.onDisk).toEqual([]);
  });

  it('[RP5] outlives the hub, and ends in the next one', async () => {
    const { world, server, tab } = await twoFollowers();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    await world.hub.close();
    world.start();
    const again = await world.tab('tab1');
    const go = server.hold('follow');
    again.follow();
    const read = again.read({ cache: 'only' });
    await world.settle();
    expect(again.rows(read)).toEqual({ a: { title: 'B' } });
    expect(world.onDisk).toEqual(['tab1:1']);
    go();
    await world.settle();
    expect(world.onDisk).toEqual([]);
    expect(again.seen('a')).not.toBeNull();
  });

  it('[RP5] goes into the replica where the topic is released meanwhile', async () => {
    const { world, tab, other } = await twoFollowers();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    for (const one of [tab, other]) one.post({ type: 'release', topic: TOPIC });
    await world.settle();
    expect(world.onDisk).toEqual([]);
    await world.offline();
    const read = tab.read();
    await world.settle();
    expect(tab.rows(read)).toEqual({ a: { title: 'B' } });
  });
});
