import { describe, expect, it } from 'vitest';
import { hubLock } from '../../src/hub/parts.ts';
import { WINDOW } from '../../src/protocol/tab-terms.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import { RawTab } from '../support/raw-tab.ts';

async function twoTabs() {
  const world = new HubWorld();
  world.server.note(TOPIC, 'a', { title: 'A' });
  const [tab, other] = [await world.tab('tab1'), await world.tab('tab2')];
  for (const one of [tab, other]) one.follow();
  await world.settle();
  for (const one of [tab, other]) {
    one.values.length = 0;
    one.batches.length = 0;
  }
  return { world, server: world.server, tab, other };
}

describe('hello', () => {
  it('[HB1] is answered by a hub that holds its lock by then, and every message is counted', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    const { boot } = world.hub;
    expect(tab.messages[0]).toEqual({
      type: 'welcome',
      boot,
      protocol: PROTOCOL,
      stale: false,
      lock: hubLock(boot),
    });
    expect(world.locks.isHeld(hubLock(boot))).toBe(true);
    tab.post({ type: 'ping' });
    tab.post({ type: 'ping' });
    await world.settle();
    const counts = tab.messages.flatMap((one) => (one.type === 'received' ? [one.count] : []));
    expect(counts.at(-1)).toBe(2 + 1 + 1 + tab.batches.length);
  });

  it('[HB1] tells a tab of an older release that it is stale', async () => {
    const world = new HubWorld();
    const [near, far] = portPair();
    const tab = new RawTab('old', near);
    world.hub.attach(far);
    tab.hello(null, 0, 0);
    await world.settle();
    expect(tab.messages[0]).toMatchObject({ type: 'welcome', stale: true });
  });

  it('[HB1] may come again on another port, which takes the place of the first; what comes late on that one leaves nothing behind', async () => {
    const { world, server, tab } = await twoTabs();
    const again = await world.tab('tab1');
    again.follow();
    await world.settle();
    tab.follow('/late' as never);
    server.change(TOPIC, 'a', { title: 'B' });
    await world.settle();
    expect(again.seen('a')).toEqual({ title: 'B' });
    expect(tab.values).toEqual([]);
    again.post({ type: 'goodbye' });
    await world.settle();
    expect(server.isLive('/late' as never)).toBe(false);
  });

  it('[HB1] may come again on the same port after a goodbye', async () => {
    const { world, server, tab } = await twoTabs();
    tab.post({ type: 'goodbye' });
    await world.settle();
    tab.hello().follow();
    await world.settle();
    server.change(TOPIC, 'a', { title: 'B' });
    await world.settle();
    expect(tab.seen('a')).toEqual({ title: 'B' });
  });
});

describe('what a tab is told', () => {
  it('[HB2] comes in a window of batches, and in one more when room is made', async () => {
    const { world, server, tab } = await twoTabs();
    tab.frozen = true;
    const before = tab.batches.length;
    for (let i = 0; i < 50; i++) {
      server.change(TOPIC, 'a', { title: `T${i}` });
      await world.settle();
    }
    expect(tab.batches.length - before).toBe(WINDOW);
    tab.thaw();
    await world.settle();
    expect(tab.batches.length - before).toBe(WINDOW + 1);
    expect(tab.values.slice(-2).map(({ attrs }) => attrs?.title)).toEqual([`T${WINDOW - 1}`, 'T49']);
  });

  it('[HB3] is the latest state, once, for a tab that was frozen over thousands of changes', async () => {
    const { world, server, tab } = await twoTabs();
    tab.frozen = true;
    for (let i = 0; i < 5_000; i++) {
      server.change(TOPIC, `r${i % 50}`, { i });
      if (i % 100 === 0) await world.settle(0);
    }
    await world.settle();
    tab.values.length = 0;
    tab.thaw();
    await world.settle();
    expect(tab.values).toHaveLength(50);
    expect(tab.seen('r49')).toEqual({ i: 4_999 });
  });

  it('[HB19] is a little later for a tab that nobody sees, but not its own answers; and at once when it is seen', async () => {
    const { world, server, tab, other } = await twoTabs();
    tab.post({ type: 'visible', visible: false });
    await world.settle();
    for (const [i, one] of ['x', 'y', 'z'].entries()) {
      server.change(TOPIC, one, { i });
      await world.settle(10);
    }
    expect([tab.seen('x'), other.seen('z')]).toEqual([undefined, { i: 2 }]);
    await world.settle();
    expect([tab.seen('z'), tab.batches.filter(({ values }) => values.length > 0).length]).toEqual([
      { i: 2 },
      1,
    ]);
    server.change(TOPIC, 'x', { i: 3 });
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle(0);
    expect([tab.seen('x'), tab.story(1)]).toEqual([{ i: 3 }, ['settled applied']]);
    server.change(TOPIC, 'x', { i: 4 });
    await world.settle(0);
    tab.post({ type: 'visible', visible: true });
    await world.settle(0);
    expect(tab.seen('x')).toEqual({ i: 4 });
  });

  it('[HB3] does not name mutations that came and went while it was frozen', async () => {
    const { world, tab, other } = await twoTabs();
    other.post({ type: 'watch' });
    await world.settle();
    other.frozen = true;
    for (let i = 0; i < 200; i++) {
      tab.write({ record: 'a', base: 1, set: { i } });
      await world.settle();
    }
    other.thaw();
    await world.settle();
    expect(other.outbox.size).toBe(0);
    expect(other.batches.reduce((sum, { outbox }) => sum + (outbox?.gone.length ?? 0), 0)).toBeLessThan(10);
  });

  it('[HB4] is not its own write, nor an echo that changes nothing', async () => {
    const { world, server, tab, other } = await twoTabs();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    expect(tab.values).toEqual([]);
    expect(other.values.map(({ attrs }) => attrs?.title)).toContain('B');
    expect(new Set(other.values.map(({ attrs, state }) => `${attrs?.title} ${state}`))).toEqual(
      new Set(['B clean']),
    );
    expect(server.log(TOPIC)).toHaveLength(2);
  });

  it('[HB4] is a write of a sibling once the disk has it, with the server down too', async () => {
    const { world, tab, other } = await twoTabs();
    await world.offline();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    expect([other.seen('a'), other.state('a')]).toEqual([{ title: 'B' }, 'pending']);
    await world.online();
    expect([other.seen('a'), other.state('a')]).toEqual([{ title: 'B' }, 'clean']);
  });

  it('[HB5] names the last of its mutations that the values include', async () => {
    const { world, server, tab } = await twoTabs();
    await world.offline();
    tab.write(
      { record: 'a', base: 1, set: { done: true } },
      { record: 'a', base: 'previous', set: { rank: 1 } },
    );
    await world.settle();
    expect(tab.batches.at(-1)?.n).toBe(2);
    server.note(TOPIC, 'a', { title: 'B' });
    const go = server.hold('push');
    await world.online();
    expect(tab.batches.at(-1)?.n).toBe(2);
    expect(tab.seen('a')).toEqual({ title: 'B', done: true, rank: 1 });
    go();
  });

  it('[HB6] is the status, and the outbox where it is watched', async () => {
    const { world, tab, other } = await twoTabs();
    expect(tab.status).toMatchObject({
      connection: 'open',
      reason: null,
      pending: 0,
      rejected: 0,
      durable: true,
      durableReason: null,
      user: 'ann',
    });
    await world.offline();
    expect(tab.status).toMatchObject({ connection: 'waiting', reason: 'unreachable' });
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    other.post({ type: 'watch' });
    await world.settle();
    expect(tab.status).toMatchObject({ pending: 1 });
    expect(tab.outbox.size).toBe(0);
    expect(other.outbox.get('tab1:1')).toMatchObject({ state: 'queued', attempts: 0, receipt: null });
    await world.online();
    expect(other.outbox.size).toBe(0);
    expect(other.status).toMatchObject({ connection: 'open', pending: 0 });
  });
});
