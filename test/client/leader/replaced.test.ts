import { beforeEach, describe, expect, it } from 'vitest';
import { visibleLock } from '../../../src/client/hosts/leader/leader-parts.ts';
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
  it('[LE7] that is silent is replaced by one of those who notice, and awake it leads no more', async () => {
    const [a, b, c] = await opened(tabs, 'a', 'b', 'c');
    const told: string[] = [];
    for (const one of [a, b, c]) one?.host.watch('medulla-hub:a-0', () => told.push(one.tab.id));
    b?.port?.close();
    c?.port?.close();
    await Promise.all([b?.join('a-0' as Boot), c?.join('a-0' as Boot)]);
    const hubs = await Promise.all([b?.hub(), c?.hub()]);
    expect(hubs[0]).toBe(hubs[1]);
    expect(hubs[0]).not.toBe('a-0');
    await settled();
    expect(tabs.boots).toEqual(['a-0 closed', hubs[0]]);
    expect(tabs.afterSilent).toEqual([false, true]);
    expect(told).toContain('a');
  });

  it.each([
    [5_000, 2_600, 4_600],
    [2_000, 1_000, 1_700],
  ])(
    '[LE7] that answers no more is found out within %i ms by a tab that only waits, and replaced',
    async (deadline, early, late) => {
      tabs.deadline = deadline;
      const frozen = tabs.open('frozen');
      await frozen.parts.locks.hold(tabs.name);
      const free = await frozen.parts.locks.hold('medulla-hub:frozen');
      tabs.channel(tabs.name).onmessage = ({ data }) => {
        if (data.type === 'join') tabs.channel(data.pair).postMessage({ type: 'opened', leader: 'frozen' });
      };
      const b = new Joined(tabs, 'b');
      await b.join();
      let told = 0;
      b.host.watch('medulla-hub:frozen', () => told++);
      await tabs.clock.advance(early);
      expect(told).toBe(0);
      await tabs.clock.advance(late - early);
      expect(told).toBe(1);
      b.port?.close();
      await b.join('frozen' as Boot);
      expect(await b.hub()).toBe('b-0');
      free?.();
    },
  );

  it('[LE7] that is silent does not count as seen any more: a hidden one stays in its place until somebody sees another', async () => {
    const frozen = tabs.open('frozen');
    await frozen.parts.locks.hold(tabs.name);
    await frozen.parts.locks.hold(visibleLock({ name: tabs.name, protocol: 2 }), { mode: 'shared' });
    const b = new Joined(tabs, 'b', false);
    const joining = b.join();
    await settled();
    await tabs.clock.advance(6_000);
    await joining;
    await settled();
    await tabs.clock.advance(3_000);
    await settled();
    expect([await b.hub(), b.heard.at(-1)]).toEqual(['b-0', { boot: 'b-0', message: 'who' }]);
    const [c] = await opened(tabs, 'c');
    await tabs.clock.advance(3_000);
    await settled();
    expect(b.heard.at(-1)).toEqual({ type: 'deposed' });
    c?.port?.close();
  });

  it('[LE7] that is replaced leaves those who are seen as they were', async () => {
    const [a, b, c] = [new Joined(tabs, 'a'), new Joined(tabs, 'b', false), new Joined(tabs, 'c')];
    for (const one of [a, b, c]) await one.join();
    b.host.watch('medulla-hub:a-0', () => undefined);
    b.port?.close();
    await b.join('a-0' as Boot);
    expect(await b.hub()).toBe('b-1');
    await settled();
    await tabs.clock.advance(3_000);
    await settled();
    expect(b.heard.at(-1)).toEqual({ type: 'deposed' });
  });

  it('[LE7] that answers stays', async () => {
    const [a, b] = await opened(tabs, 'a', 'b');
    for (let i = 0; i < 10; i++) {
      await tabs.clock.advance(1_000);
      await settled();
    }
    expect([a?.heard, b?.heard]).toEqual([[], []]);
  });

  it('[LE7] is not replaced where the hub that was found dead is not its own', async () => {
    const [a, b] = await opened(tabs, 'a', 'b');
    b?.host.watch('medulla-hub:another', () => undefined);
    b?.port?.close();
    await b?.join(dead);
    expect(await b?.hub()).toBe('a-0');
    expect(a?.heard).toEqual([]);
  });

  it.each([5_000, 2_000])(
    '[LE7] that has the lock and answers nobody is replaced after %i ms',
    async (deadline) => {
      tabs.deadline = deadline;
      const frozen = tabs.open('frozen');
      await frozen.parts.locks.hold(tabs.name);
      const b = new Joined(tabs, 'b');
      const joining = b.join();
      await settled();
      await tabs.clock.advance(deadline - 100);
      expect(tabs.boots).toEqual([]);
      await tabs.clock.advance(200);
      await joining;
      expect(await b.hub()).toBe('b-0');
      expect(tabs.afterSilent).toEqual([true]);
    },
  );
});
