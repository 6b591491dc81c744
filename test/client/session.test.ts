import { describe, expect, it } from 'vitest';
import type { Boot } from '../../src/protocol/ids.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { MemoryLocks } from '../../src/testing/memory-locks.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { openPage } from './support/page.ts';

/** A page with two hubs to join one after the other, a followed collection, a write and a read under way. */
async function underWay(deadline = 5000) {
  const [one, two] = [new HubDouble('one'), new HubDouble('two')];
  const host = new HostDouble(one, two);
  const clock = new VirtualClock();
  let lifecycle = { hide() {}, show() {}, see(_visible: boolean) {} };
  const page = await openPage(
    {
      host,
      deadline,
      lifecycle: {
        listen(handlers) {
          lifecycle = handlers;
        },
      },
    },
    one,
    clock,
  );
  const tasks = new (page.backbone.Collection.extend({ url: '/tasks', follow: true }))();
  tasks.fetch();
  await settle();
  one.rows([['a', 1, { n: 1 }]]);
  await settle();
  const save = requestOf(tasks.at(0).save({ n: 2 }));
  tasks.at(0).save({ n: 3 });
  const fetch = requestOf(tasks.fetch());
  await settle();
  return { ...page, lifecycle, one, two, host, tasks, save, fetch };
}

describe('the conversation with the hub', () => {
  it('[HS6] begins with hello, under a lock of the tab’s name', async () => {
    const { hub, locks } = await openPage();
    expect(hub.heard[0]).toMatchObject({ type: 'hello', protocol: PROTOCOL, boot: null, n: 0 });
    expect(locks.isHeld(`medulla-tab:${hub.of('hello')[0]?.tab}`)).toBe(true);
  });

  it('[HS6] acknowledges every eighth batch once it is applied', async () => {
    const { hub } = await openPage();
    for (let i = 0; i < 20; i++) hub.tell({});
    await settle();
    expect(hub.of('ack').map(({ batch }) => batch)).toEqual([8, 16]);
  });

  it('[HS7] is taken up with the next hub when the lock of this one falls free: follows, writes in order, reads', async () => {
    const { one, two, host, save, fetch, tasks } = await underWay();
    one.die();
    await settle();
    expect(host.dead).toEqual([null, 'one']);
    expect(two.heard.map(({ type }) => type).slice(0, 4)).toEqual(['hello', 'follow', 'writes', 'read']);
    expect(two.of('hello')[0]).toMatchObject({ boot: 'one', n: 2 });
    expect(two.writes.map(({ mutation, repeated }) => [mutation.id, repeated])).toEqual(
      one.mutations.map(({ id }) => [id, true]),
    );
    two.applied(two.mutation(0), 2);
    two.tell({
      answers: [{ type: 'rows', request: 2, rows: [['a', 2, { n: 3 }]], source: 'network', stale: false }],
    });
    await expect(Promise.all([save, fetch])).resolves.toBeDefined();
    expect(two.of('read').map(({ cache }) => cache)).toEqual(['network', 'network']);
    expect(tasks.pluck('n')).toEqual([3]);
  });

  it('[HS7] brings the models of followed topics up to what the next hub shows', async () => {
    const { one, two, tasks } = await underWay();
    one.shows('c', { n: 7 });
    await settle();
    expect(tasks.pluck('id')).toEqual(['a', 'c']);
    one.die();
    await settle();
    two.rows([
      ['a', 1, { n: 3 }],
      ['b', 4, { n: 9 }],
    ]);
    await settle();
    expect(tasks.pluck('id')).toEqual(['a', 'b']);
  });

  it('[HS8] takes a hub for dead that acknowledges neither a message nor a ping in time', async () => {
    const { one, two, clock, tasks } = await underWay();
    await clock.advance(60_000);
    expect(two.heard).toEqual([]);
    one.silent = true;
    tasks.at(0).save({ n: 4 });
    await clock.advance(6999);
    expect(two.heard).toEqual([]);
    await clock.advance(1);
    expect(two.mutations.map(({ set }) => set.n)).toEqual([2, 3, 4]);
  });

  it('[HS8] leaves one alone that answers the ping', async () => {
    const { one, two, clock, tasks } = await underWay();
    one.silent = true;
    tasks.at(0).save({ n: 4 });
    await clock.advance(5001);
    one.silent = false;
    await clock.advance(60_000);
    expect([one.of('ping').length, two.heard.length]).toEqual([1, 0]);
  });

  it('[HS8] gives one that never says hello twice the time, and then does not name its boot', async () => {
    const one = new HubDouble('one');
    one.silent = true;
    const host = new HostDouble(one, new HubDouble('two'));
    const { clock, medulla } = await openPage({ host }, one);
    await clock.advance(11_999);
    expect(host.dead).toEqual([null]);
    await clock.advance(1);
    expect(host.dead).toEqual([null, '']);
    expect(medulla.isOpen).toBe(true);
  });

  it('[HS9] joins the next one when it is told that this one is deposed', async () => {
    const { one, two, host, save } = await underWay();
    one.say({ type: 'deposed' });
    await settle();
    expect(host.dead).toEqual([null, 'one']);
    expect(two.mutations).toHaveLength(2);
    one.failed(1, 'internal');
    await settle();
    expect(save.state()).toBe('pending');
  });

  it('[HS10] ends with goodbye and without the lock when the page is put to sleep, and begins anew when it wakes', async () => {
    const { one, lifecycle, locks } = await underWay();
    lifecycle.hide();
    lifecycle.hide();
    await settle();
    const lock = `medulla-tab:${one.of('hello')[0]?.tab}`;
    expect([one.of('goodbye').length, locks.isHeld(lock)]).toEqual([1, false]);
    one.silent = true;
    lifecycle.show();
    lifecycle.show();
    one.silent = false;
    await settle();
    expect(one.of('hello')).toMatchObject([{ boot: null }, { boot: 'one', n: 2 }]);
    expect(locks.isHeld(lock)).toBe(true);
    expect(one.writes.slice(2)).toMatchObject([{ repeated: true }, { repeated: true }]);
  });

  it('[HS10] begins anew also where it is let go before the tab has its lock', async () => {
    const { hub, medulla, clock } = await openPage({}, new HubDouble(), new VirtualClock(), {}, (early) =>
      early.close().open().close().open(),
    );
    await clock.advance(60_000);
    expect([hub.of('hello').length, medulla.isOpen]).toEqual([1, true]);
    medulla.close().open();
    await settle();
    expect([hub.of('hello').length, medulla.isOpen]).toEqual([2, true]);
  });

  it('[HS11] lets its lock go where no hub can be had, and asks again where it cannot have its lock', async () => {
    const locks = new MemoryLocks();
    let refused = 2;
    const hold = (name: string) =>
      refused-- > 0 ? Promise.reject(new Error('Not fully active')) : locks.hold(name);
    const { hub, medulla, clock } = await openPage({ locks: { hold } });
    expect(medulla.status.get('hostReason')).toContain('Not fully active');
    await clock.advance(60_000);
    expect([hub.of('hello').length, medulla.isOpen]).toEqual([1, true]);
  });

  it('[HS19] says whether anybody can see the page, to the next hub too', async () => {
    const { one, two, lifecycle } = await underWay();
    lifecycle.see(false);
    one.say({ type: 'deposed' });
    await settle();
    expect([one.of('visible'), two.of('visible')]).toMatchObject([
      [{ visible: false }],
      [{ visible: false }],
    ]);
    lifecycle.see(true);
    await settle();
    expect(two.of('visible').at(-1)).toMatchObject({ visible: true });
  });

  it('[HS11] leaves nothing hanging where no hub can be had, and goes on trying', async () => {
    const one = new HubDouble('one');
    const host = new HostDouble(one);
    const { medulla, backbone, clock, hub } = await openPage({ host }, one);
    const tasks = new (backbone.Collection.extend({ url: '/tasks' }))();
    const save = requestOf(tasks.create({ n: 1 }).save({ n: 2 }));
    const pay = requestOf(tasks.create({ n: 9 }, { queue: false }).save({ n: 10 }, { queue: false }));
    const fetch = requestOf(tasks.fetch());
    hub.die();
    await settle();
    await expect(save).rejects.toMatchObject({ code: 'no-hub', responseJSON: { unknown: true } });
    await expect(pay).rejects.toMatchObject({ code: 'no-hub' });
    await expect(fetch).rejects.toMatchObject({ code: 'no-hub' });
    expect(medulla.status.get('hostReason')).toContain('No hub is left');
    const next = new HubDouble('next');
    host.add(next);
    await clock.advance(60_000);
    expect(next.mutations.map(({ set }) => set.n)).toEqual([1, 2]);
  });

  it('[HS12] answers for a token with auth(), and with none where that fails', async () => {
    const { hub } = await openPage({ auth: async () => 'secret' });
    hub.say({ type: 'authenticate', request: 3 });
    await settle();
    expect(hub.of('token')).toEqual([{ type: 'token', request: 3, token: 'secret' }]);
    const logged: string[] = [];
    const failing = await openPage({
      auth: () => Promise.reject(new Error('signed out')),
      log: (level, event) => level === 'error' && logged.push(event),
    });
    failing.hub.say({ type: 'authenticate', request: 1 });
    const without = await openPage();
    without.hub.say({ type: 'authenticate', request: 1 });
    await settle();
    expect(
      [failing.hub, without.hub].flatMap((other) => other.of('token').map(({ token }) => token)),
    ).toEqual([null, null]);
    expect(logged).toEqual(['auth-failed']);
  });

  it('[HS13] tells of an older page', async () => {
    const { hub, medulla } = await openPage();
    let told = 0;
    medulla.on('stale', () => told++);
    hub.say({ type: 'welcome', boot: 'one' as Boot, protocol: 2, stale: true, lock: 'x' });
    await settle();
    expect([told, medulla.status.get('stale')]).toEqual([1, true]);
  });

  it('[VE3] is stale until its reload, and told once, also where a hub of its own release comes after the newer one', async () => {
    const { hub, medulla } = await openPage();
    let told = 0;
    medulla.on('stale', () => told++);
    for (const [boot, stale] of [
      ['newer', true],
      ['own', false],
      ['newest', true],
    ] as const) {
      hub.say({ type: 'welcome', boot: boot as Boot, protocol: 2, stale, lock: 'x' });
      await settle();
      expect([told, medulla.status.get('stale')]).toEqual([1, true]);
    }
  });
});
