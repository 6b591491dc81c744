import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Host } from '../../../src/client/host.ts';
import { leaderHost } from '../../../src/client/hosts/leader/leader-host.ts';
import type { Boot } from '../../../src/protocol/ids.ts';
import type { Port } from '../../../src/protocol/port.ts';
import { Tabs, type TestTab } from './tabs.ts';

const dead = 'dead' as Boot;
let tabs: Tabs;
beforeEach(() => {
  tabs = new Tabs();
});
afterEach(() => tabs.close());

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets locks and channels do what they are about to. */
async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await turn();
}

class Joined {
  readonly tab: TestTab;
  readonly host: Host;
  readonly heard: unknown[] = [];
  port: Port | undefined;

  constructor(id: string, visible = true) {
    this.tab = tabs.open(id, visible);
    this.host = leaderHost(this.tab.parts, null);
  }

  async join(dead: Boot | null = null): Promise<void> {
    this.heard.length = 0;
    this.port = await this.host.join(dead);
    this.port.listen((message) => this.heard.push(message));
  }

  /** The hub that answers. */
  async hub(): Promise<unknown> {
    this.port?.post('who');
    for (;;) {
      const answer = this.heard.find((message) => (message as { boot?: Boot }).boot);
      if (answer) return (answer as { boot: Boot }).boot;
      await turn();
    }
  }
}

async function opened(...ids: string[]): Promise<Joined[]> {
  const all: Joined[] = [];
  for (const id of ids) {
    const one = new Joined(id);
    await one.join();
    all.push(one);
  }
  return all;
}

const boots = () => tabs.hubs.map(({ boot, isClosed }) => `${boot}${isClosed ? ' closed' : ''}`);

describe('a leader tab', () => {
  it('[LE3] runs the one hub: the first gets the lock, the others a port of theirs', async () => {
    const all = await opened('a', 'b', 'c');
    expect(await Promise.all(all.map((one) => one.hub()))).toEqual(['a-0', 'a-0', 'a-0']);
    expect(boots()).toEqual(['a-0']);
    expect(all[0]?.host.kind).toBe('leader');
  });

  it('[LE3] is one also where all begin at the same time', async () => {
    const all = ['a', 'b', 'c', 'd'].map((id) => new Joined(id));
    await Promise.all(all.map((one) => one.join()));
    expect(new Set(await Promise.all(all.map((one) => one.hub()))).size).toBe(1);
    expect(boots()).toHaveLength(1);
  });

  it('[LE6] that closes its port ends its hub, and tells all: the next leads', async () => {
    const [a, b, c] = await opened('a', 'b', 'c');
    a?.port?.close();
    await settled();
    expect([b?.heard, c?.heard]).toEqual([[{ type: 'deposed' }], [{ type: 'deposed' }]]);
    await Promise.all([b?.join(dead), c?.join(dead), a?.join()]);
    const hubs = await Promise.all([a, b, c].map((one) => one?.hub()));
    expect(new Set(hubs).size).toBe(1);
    expect(boots()).toEqual(['a-0 closed', hubs[0]]);
  });

  it('[LE6] tells a follower that listens only after it is gone', async () => {
    const [a] = await opened('a');
    const b = new Joined('b');
    const port = await b.host.join(null);
    a?.port?.close();
    await settled();
    port.listen((message) => b.heard.push(message));
    expect(b.heard).toEqual([{ type: 'deposed' }]);
    port.close();
  });

  it('[LE6] lets go of a follower that closes its port, or of its lock', async () => {
    const [, b] = await opened('a', 'b');
    b?.port?.close();
    await settled();
    const { held = [] } = await navigator.locks.query();
    expect(held.map(({ name }) => name).filter((name) => name?.startsWith(`${tabs.name}:b`))).toEqual([]);
  });

  it('[LE7] that is silent is replaced by one of those who notice, and awake it leads no more', async () => {
    const [a, b, c] = await opened('a', 'b', 'c');
    for (const one of [a, b, c]) one?.host.watch('medulla-hub:a-0', () => undefined);
    b?.port?.close();
    c?.port?.close();
    await Promise.all([b?.join('a-0' as Boot), c?.join('a-0' as Boot)]);
    const hubs = await Promise.all([b?.hub(), c?.hub()]);
    expect(hubs[0]).toBe(hubs[1]);
    expect(hubs[0]).not.toBe('a-0');
    await settled();
    expect(boots()).toEqual(['a-0 closed', hubs[0]]);
    expect(a?.heard).toEqual([{ type: 'deposed' }]);
  });

  it('[LE7] that answers no more is found out within five seconds by a tab that only waits, and replaced', async () => {
    const frozen = tabs.open('frozen');
    await frozen.parts.locks.hold(tabs.name);
    await frozen.parts.locks.hold('medulla-hub:frozen');
    tabs.channel(tabs.name).onmessage = ({ data }) => {
      if (data.type === 'join') tabs.channel(data.pair).postMessage({ type: 'opened', leader: 'frozen' });
    };
    const b = new Joined('b');
    await b.join();
    b.host.watch('medulla-hub:frozen', () => undefined);
    await tabs.clock.advance(3_000);
    expect(b.heard).toEqual([]);
    await tabs.clock.advance(2_000);
    expect(b.heard).toEqual([{ type: 'deposed' }]);
    b.port?.close();
    await b.join('frozen' as Boot);
    expect(await b.hub()).toBe('b-0');
  });

  it('[LE7] that answers stays', async () => {
    const [a, b] = await opened('a', 'b');
    for (let i = 0; i < 10; i++) {
      await tabs.clock.advance(1_600);
      await settled();
    }
    expect([a?.heard, b?.heard]).toEqual([[], []]);
  });

  it('[LE7] is not replaced where the hub that was found dead is not its own', async () => {
    const [a, b] = await opened('a', 'b');
    b?.host.watch('medulla-hub:another', () => undefined);
    b?.port?.close();
    await b?.join(dead);
    expect(await b?.hub()).toBe('a-0');
    expect(a?.heard).toEqual([]);
  });

  it('[LE7] that has the lock and answers nobody is replaced after five seconds', async () => {
    const frozen = tabs.open('frozen');
    await frozen.parts.locks.hold(tabs.name);
    const b = new Joined('b');
    const joining = b.join();
    await settled();
    await tabs.clock.advance(4_900);
    expect(boots()).toEqual([]);
    await tabs.clock.advance(200);
    await joining;
    expect(await b.hub()).toBe('b-0');
  });

  it('[LE8] that nobody sees makes way after a second for one that somebody does', async () => {
    const [a, b] = await opened('a', 'b');
    a?.tab.see(false);
    await settled();
    await tabs.clock.advance(900);
    expect(boots()).toEqual(['a-0']);
    await tabs.clock.advance(200);
    await settled();
    expect(a?.heard).toEqual([{ type: 'deposed' }]);
    a?.port?.close();
    const again = a?.join(dead);
    await b?.join(dead);
    await again;
    expect([await a?.hub(), await b?.hub()]).toEqual(['b-1', 'b-1']);
  });

  it('[LE8] stays where it is seen again by then, where nobody is seen, and where two are', async () => {
    const [a, b] = await opened('a', 'b');
    a?.tab.see(false);
    await tabs.clock.advance(500);
    a?.tab.see(true);
    await tabs.clock.advance(5_000);
    b?.tab.see(false);
    a?.tab.see(false);
    await settled();
    await tabs.clock.advance(60_000);
    await settled();
    expect(boots()).toEqual(['a-0']);
    b?.tab.see(true);
    await settled();
    await tabs.clock.advance(1_100);
    await settled();
    expect(boots()).toEqual(['a-0 closed']);
  });

  it('[LE8] is one that somebody sees, where the one before is gone', async () => {
    const [a, b, c] = await opened('a', 'b', 'c');
    b?.tab.see(false);
    a?.port?.close();
    await settled();
    const joining = b?.join(dead);
    await settled();
    await c?.join(dead);
    await joining;
    expect([await b?.hub(), await c?.hub()]).toEqual(['c-1', 'c-1']);
  });

  it('[LE9] is not to be one that fell asleep while it waited', async () => {
    const [a] = await opened('a');
    const b = new Joined('b');
    a?.port?.post('x');
    const holder = tabs.open('holder');
    const joining = b.host.join(null);
    b.tab.sleep();
    await expect(joining).rejects.toThrow('put to sleep');
    a?.port?.close();
    await settled();
    expect(await holder.parts.locks.hold(tabs.name, { ifAvailable: true })).not.toBe(null);
    expect(boots()).toEqual(['a-0 closed']);
  });

  it('[LE9] leaves no lock behind that a page held', async () => {
    const all = await opened('a', 'b', 'c');
    for (const one of all) one.port?.close();
    await settled();
    const { held = [], pending = [] } = await navigator.locks.query();
    expect([...held, ...pending].filter(({ name }) => name?.startsWith(tabs.name))).toEqual([]);
  });
});
