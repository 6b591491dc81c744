import { beforeEach, describe, expect, it } from 'vitest';
import type { Boot } from '../../../src/protocol/ids.ts';
import { Joined, opened, settled } from './joined.ts';
import { Tabs } from './tabs.ts';

const dead = 'dead' as Boot;
let tabs: Tabs;
beforeEach(() => {
  tabs = new Tabs();
  return () => tabs.close();
});

describe('a leader tab', () => {
  it('[LE3] runs the one hub: the first gets the lock, the others a port of theirs', async () => {
    const all = await opened(tabs, 'a', 'b', 'c');
    expect(await Promise.all(all.map((one) => one.hub()))).toEqual(['a-0', 'a-0', 'a-0']);
    expect(tabs.boots).toEqual(['a-0']);
    expect(all[0]?.host.kind).toBe('leader');
  });

  it('[LE3] is one also where all begin at the same time', async () => {
    const all = ['a', 'b', 'c', 'd'].map((id) => new Joined(tabs, id));
    await Promise.all(all.map((one) => one.join()));
    expect(new Set(await Promise.all(all.map((one) => one.hub()))).size).toBe(1);
    expect(tabs.boots).toHaveLength(1);
  });

  it('[LE6] that closes its port ends its hub, and tells all: the next leads', async () => {
    const [a, b, c] = await opened(tabs, 'a', 'b', 'c');
    a?.port?.close();
    await settled();
    expect([b?.heard, c?.heard]).toEqual([[{ type: 'deposed' }], [{ type: 'deposed' }]]);
    await Promise.all([b?.join(dead), c?.join(dead), a?.join()]);
    const hubs = await Promise.all([a, b, c].map((one) => one?.hub()));
    expect(new Set(hubs).size).toBe(1);
    expect(tabs.boots).toEqual(['a-0 closed', hubs[0]]);
  });

  it('[LE6] is not told as a hub that was deposed to who knows its hub: that would be taken for a war', async () => {
    const [a, b, c] = await opened(tabs, 'a', 'b', 'c');
    const told: string[] = [];
    b?.host.watch('medulla-hub:a-0', () => told.push('b'));
    c?.host.watch('medulla-hub:another', () => told.push('c'));
    a?.host.watch('medulla-hub:a-0', () => told.push('a'));
    a?.tab.see(false);
    await settled();
    await tabs.clock.advance(1_100);
    await settled();
    expect([...new Set(told)].sort()).toEqual(['a', 'b', 'c']);
    expect([a?.heard, b?.heard, c?.heard]).toEqual([[], [], []]);
  });

  it('[LE6] tells a follower that listens only after it is gone', async () => {
    const [a] = await opened(tabs, 'a');
    const b = new Joined(tabs, 'b');
    const port = await b.host.join(null);
    a?.port?.close();
    await settled();
    port.listen((message) => b.heard.push(message));
    expect(b.heard).toEqual([{ type: 'deposed' }]);
    port.close();
  });

  it('[LE6] lets go of a follower that closes its port, or of its lock', async () => {
    const [, b] = await opened(tabs, 'a', 'b');
    b?.port?.close();
    await settled();
    const { held = [] } = await navigator.locks.query();
    expect(held.map(({ name }) => name).filter((name) => name?.startsWith(`${tabs.name}:b`))).toEqual([]);
  });

  it('[LE8] that nobody sees makes way after a second for one that somebody does', async () => {
    const [a, b] = await opened(tabs, 'a', 'b');
    a?.tab.see(false);
    await settled();
    await tabs.clock.advance(900);
    expect(tabs.boots).toEqual(['a-0']);
    await tabs.clock.advance(200);
    await settled();
    expect(tabs.hubs.map(({ isFlushed, isClosed }) => [isFlushed, isClosed])).toEqual([[true, true]]);
    expect(a?.heard).toEqual([{ type: 'deposed' }]);
    a?.port?.close();
    const again = a?.join(dead);
    await b?.join(dead);
    await again;
    expect([await a?.hub(), await b?.hub()]).toEqual(['b-1', 'b-1']);
  });

  it('[LE8] stays where it is seen again by then, where nobody is seen, and where two are', async () => {
    const [a, b] = await opened(tabs, 'a', 'b');
    a?.tab.see(false);
    await tabs.clock.advance(500);
    a?.tab.see(true);
    await tabs.clock.advance(5_000);
    b?.tab.see(false);
    a?.tab.see(false);
    await settled();
    await tabs.clock.advance(60_000);
    await settled();
    expect(tabs.boots).toEqual(['a-0']);
    b?.tab.see(true);
    await settled();
    await tabs.clock.advance(1_100);
    await settled();
    expect(tabs.boots).toEqual(['a-0 closed']);
  });

  it('[LE8] is one that somebody sees, where the one before is gone', async () => {
    const [a, b, c] = await opened(tabs, 'a', 'b', 'c');
    b?.tab.see(false);
    a?.port?.close();
    await settled();
    const joining = b?.join(dead);
    await settled();
    await c?.join(dead);
    await joining;
    expect([await b?.hub(), await c?.hub()]).toEqual(['c-1', 'c-1']);
  });

  it('[LE11] of an older protocol makes way for a tab of a newer one, and follows it whoever is seen', async () => {
    const [older, newer] = [new Joined(tabs, 'older', true, 1), new Joined(tabs, 'newer', false, 2)];
    await older.join();
    const joining = newer.join();
    await settled();
    expect(older.heard).toEqual([{ type: 'deposed' }]);
    older.port?.close();
    const again = older.join(dead);
    await tabs.clock.advance(1_100);
    await Promise.all([joining, again]);
    expect([await older.hub(), await newer.hub()]).toEqual(['newer-1', 'newer-1']);
    await tabs.clock.advance(10_000);
    await settled();
    expect([newer.heard.at(-1), tabs.boots]).toEqual([
      { boot: 'newer-1', message: 'who' },
      ['older-0 closed', 'newer-1'],
    ]);
  });

  it('[LE9] is not to be one that fell asleep while it waited', async () => {
    const [a] = await opened(tabs, 'a');
    const b = new Joined(tabs, 'b');
    a?.port?.post('x');
    const holder = tabs.open('holder');
    const joining = b.host.join(null);
    b.tab.sleep();
    await expect(joining).rejects.toThrow('put to sleep');
    a?.port?.close();
    await settled();
    expect(await holder.parts.locks.hold(tabs.name, { ifAvailable: true })).not.toBe(null);
    expect(tabs.boots).toEqual(['a-0 closed']);
  });

  it('[LE9] leaves no lock behind that a page held', async () => {
    const all = await opened(tabs, 'a', 'b', 'c');
    for (const one of all) one.port?.close();
    await settled();
    const { held = [], pending = [] } = await navigator.locks.query();
    expect([...held, ...pending].filter(({ name }) => name?.startsWith(tabs.name))).toEqual([]);
  });
});
