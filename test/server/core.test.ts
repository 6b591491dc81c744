import { describe, expect, it } from 'vitest';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { FakePeer, handshake, sent, TASKS } from './support/fake-peer.ts';
import { testCore } from './support/test-core.ts';

const nowhere = { headers: {}, address: '' };
const DAY = 86_400_000;

describe('a handshake', () => {
  it('[SV17] is welcomed with who the server thinks it is, the current receipt number and the limits', async () => {
    const { core } = testCore({ limits: { batch: 7 } });
    core.resource('/tasks', { public: true });
    const first = await FakePeer.connect(core, 'ann');
    await first.push(sent('a:1', { user: 'ann' }));
    const { heard } = await FakePeer.connect(core, 'ann');
    const limits = { batch: 7, bytes: 4_194_304, record: 262_144, topics: 1_000 };
    expect(heard).toEqual([
      { name: 'welcome', event: { protocol: PROTOCOL, user: 'ann', node: core.node, number: 1, limits } },
    ]);
  });

  it('[SV17] of another protocol, or that does not parse, is refused', async () => {
    const { core } = testCore();
    const admit = (message: unknown) => core.admit(message, nowhere);
    await expect(admit({ ...handshake(), protocol: PROTOCOL + 1 })).rejects.toMatchObject({
      code: 'old-server',
    });
    await expect(admit({ protocol: 0 })).rejects.toMatchObject({ code: 'protocol' });
    for (const bad of [null, 'hello', {}, { ...handshake(), token: 3 }])
      await expect(admit(bad)).rejects.toMatchObject({ code: 'bad-message' });
  });

  it('[SV4] is refused where it names another user than the server knows', async () => {
    const { core } = testCore({ authenticate: ({ token }) => (token ? { user: 7, name: token } : null) });
    const admit = (user: string, token: string | null) => core.admit({ ...handshake(user), token }, nowhere);
    expect(await admit('7', 'Ann')).toMatchObject({ user: '7', identity: { name: 'Ann' } });
    await expect(admit('8', 'Ann')).rejects.toMatchObject({
      code: 'wrong-user',
      message: expect.stringContaining("'7'"),
    });
    await expect(admit('7', null)).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('[SV4] is anonymous, and nobody else, where there is no authenticate function', async () => {
    const { core } = testCore({ authenticate: undefined });
    expect(await core.admit(handshake(''), nowhere)).toMatchObject({ user: '' });
    const refusal = {
      code: 'wrong-user',
      message: expect.stringContaining('give createServer an authenticate'),
    };
    await expect(core.admit(handshake('ann'), nowhere)).rejects.toMatchObject(refusal);
  });

  it('[SV17] is refused by a Refusal, and asked to come again where the application fails', async () => {
    let error: Error = new Refusal('Your account is closed.');
    const { core } = testCore({ authenticate: () => Promise.reject(error) });
    const refusal = { code: 'unauthorized', message: 'Your account is closed.' };
    await expect(core.admit(handshake(), nowhere)).rejects.toMatchObject(refusal);
    error = new Error('no directory');
    await expect(core.admit(handshake(), nowhere)).rejects.toMatchObject({ code: 'retry' });
  });
});

describe('who is not let in', () => {
  it('[SV26] is named in a warning, once an hour for each user and reason', async () => {
    const clock = new VirtualClock();
    const said: string[] = [];
    const { core } = testCore({
      clock,
      authenticate: ({ token }) => token,
      log: (level, event, { user, code, message } = {}) => {
        if (level === 'warn') said.push(`${event}: ${user} ${code} ${message}`);
      },
    });
    const refuse = (message: unknown) => core.admit(message, nowhere).catch(() => undefined);
    const all = async () => {
      await refuse(handshake('ann'));
      await refuse({ ...handshake('ann'), token: 'bob' });
      await refuse(handshake('eve'));
      await refuse({ ...handshake('ann'), protocol: 99 });
      await refuse({});
    };
    await all();
    await all();
    expect(said).toEqual([
      expect.stringContaining('not-admitted: ann unauthorized The server does not know who this is'),
      expect.stringContaining("not-admitted: ann wrong-user The client is 'ann'"),
      expect.stringContaining('not-admitted: eve unauthorized'),
      expect.stringContaining('not-admitted: ann old-server'),
      expect.stringContaining('not-admitted:  bad-message'),
    ]);
    await clock.advance(3_600_000);
    await refuse(handshake('ann'));
    expect(said.length).toBe(6);
    for (let n = 0; n < 200; n++) await refuse(handshake(`user${n}`));
    expect(said.length).toBe(105);
    await core.close();
  });
});

describe('a session', () => {
  it('[SV9] answers what it cannot read, and logs it', async () => {
    const { core, logged } = testCore();
    const peer = await FakePeer.connect(core);
    const bad: [string, unknown][] = [
      ['push', null],
      ['push', { user: '', mutations: {} }],
      ['follow', { topics: [{ topic: 3 }] }],
      ['page', {}],
      ['release', []],
      ['read', { topic: 1 }],
      ['read', { topic: '/tasks', query: JSON.parse('{"__proto__": 1}') }],
      ['read', { topic: '\ud800' }],
      ['withdraw', { user: '', ids: [1] }],
      ['withdraw', { user: '', ids: ['\0'] }],
      ['shout', {}],
      ['__proto__', {}],
    ];
    for (const [name, message] of bad)
      expect(await peer.ask(name, message)).toMatchObject({ refused: { code: 'bad-message' } });
    expect(logged.filter(({ event }) => event === 'bad-message')).not.toEqual([]);
    expect(
      await peer.ask('follow', { topics: [{ topic: '\ud800', cursor: null, live: true }] }),
    ).toMatchObject({
      topics: [{ type: 'denied', code: 'bad-message' }],
    });
  });

  it('[SV17] is told of when it begins and when it ends, once', async () => {
    const { core, logged } = testCore();
    const told: string[] = [];
    core.on('connect', () => {
      throw new Error('not our fault');
    });
    const off = core.on('connect', ({ user }) => void told.push(`+${user}`));
    core.on('disconnect', ({ user }) => void told.push(`-${user}`));
    const ann = await FakePeer.connect(core, 'ann');
    off();
    await FakePeer.connect(core, 'bob');
    await ann.session.end();
    await ann.session.end();
    expect(told).toEqual(['+ann', '-ann']);
    expect([...core.sessions].map(({ user }) => user)).toEqual(['bob']);
    expect(logged).toContainEqual({ level: 'error', event: 'listener-failed' });
  });
});

describe('a server', () => {
  it('[SV19] lets nobody in before its store is open, and nobody at all if it does not open', async () => {
    const store = memoryStore();
    store.open = () => Promise.reject(new Error('no disk'));
    const { core, logged } = testCore({ store });
    const tasks = core.resource('/tasks', { public: true });
    await expect(core.ready).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('no disk'),
    });
    const refusal = { code: 'storage', message: expect.stringContaining('says in its log why') };
    await expect(core.admit(handshake(), nowhere)).rejects.toMatchObject(refusal);
    await expect(core.admit(handshake(), nowhere)).rejects.toMatchObject(refusal);
    await expect(tasks.publish({ record: 1 })).rejects.toThrow('no disk');
    expect(logged.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([
      { level: 'error', event: 'store-not-open' },
    ]);
    await core.close();
  });

  it('[SV19] finishes what is under way before it closes its store', async () => {
    const store = memoryStore();
    let isClosed = false;
    store.close = async () => {
      isClosed = true;
    };
    const { core } = testCore({ store });
    const closedAt: boolean[] = [];
    core.resource('/tasks', { public: true }).use(async (_, next) => {
      await settle();
      closedAt.push(isClosed);
      await next();
    });
    const peer = await FakePeer.connect(core);
    const other = await FakePeer.connect(core);
    await other.follow();
    const receipts = peer.push(sent('a:1'));
    await core.close();
    expect(await receipts).toMatchObject([{ type: 'applied' }]);
    expect([closedAt.at(-1), isClosed]).toEqual([false, true]);
    await expect(core.admit(handshake(), nowhere)).rejects.toMatchObject({ code: 'retry' });
    await core.close();
  });

  it.each([{}, { within: 1_000 }])(
    '[SV19] keeps what is published of everybody who goes with it, closing with %o',
    async (how) => {
      const clock = new VirtualClock();
      const store = memoryStore();
      let left = -1;
      store.close = async () => {
        left = (await store.page(TASKS, null, { rows: 10, bytes: 10_000 })).rows.length;
      };
      const { core } = testCore({ store, clock });
      core.resource('/tasks', { public: true });
      const failed: unknown[] = [];
      core.on('disconnect', ({ user }) => {
        core.publish(TASKS, { record: user, set: {} }).catch((error) => failed.push(error));
      });
      for (const user of ['ann', 'bob', 'carl']) await FakePeer.connect(core, user);
      const closed = core.close(how);
      await clock.advance(1_000);
      await closed;
      expect([left, failed]).toEqual([3, []]);
      await expect(core.publish(TASKS, { record: 'x' })).rejects.toMatchObject({ code: 'unreachable' });
    },
  );

  it('[SV19] forgets old changes and receipts, at its start and every hour, as its resources say', async () => {
    const clock = new VirtualClock();
    const { core } = testCore({ clock, history: { days: 2 }, receiptDays: 3 });
    const short = core.resource('/short', { public: true, history: { changes: 1 } });
    core.resource('/tasks', { public: true });
    const peer = await FakePeer.connect(core);
    const start = { tasks: await peer.begin('/tasks'), short: await peer.begin('/short') };
    await short.publish([{ record: 1 }, { record: 2 }]);
    await peer.push(sent('a:1'));
    const types = async () => {
      const [tasks, short] = [start.tasks.cursor, start.short.cursor];
      return [(await peer.follow('/tasks', tasks)).type, (await peer.follow('/short', short)).type];
    };
    expect(await types()).toEqual(['changes', 'changes']);
    await clock.advance(DAY);
    expect(await types()).toEqual(['changes', 'snapshot']);
    await clock.advance(2 * DAY);
    expect(await types()).toEqual(['snapshot', 'snapshot']);
    expect(await peer.types(sent('a:1'))).toEqual(['duplicate']);
    await peer.push(sent('a:2'));
    await clock.advance(2 * DAY);
    expect(await peer.types({ ...sent('a:1'), number: 0 })).toEqual(['lost']);
    await core.close();
    expect(clock.next).toBe(undefined);
  });
});
