import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, describe, expect, it } from 'vitest';
import { browserHub } from '../../src/hub/adapters/browser-hub.ts';
import { databaseName } from '../../src/hub/adapters/database-name.ts';
import { idbStorage } from '../../src/hub/adapters/idb-storage.ts';
import { backgroundSync } from '../../src/hub/adapters/service/background-sync.ts';
import { leftBehind } from '../../src/hub/adapters/service/left-behind.ts';
import { listenForSync } from '../../src/hub/adapters/service/listen-for-sync.ts';
import { webLocks } from '../../src/hub/adapters/web-locks.ts';
import { hubLock } from '../../src/hub/parts.ts';
import type { Op, OutboxRow } from '../../src/hub/storage.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import { messagePort } from '../../src/protocol/port.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { LiveServer } from '../server/support/live-server.ts';
import { deferred } from '../support/deferred.ts';
import { boot, outboxRow, putMutation } from './rows.ts';
import { hello, tabEnd } from './tab-end.ts';

const log = () => undefined;
const { locks } = navigator;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  globalThis.indexedDB = new IDBFactory();
});

interface Served extends LiveServer {
  /** The mutations that were judged to be applied, in order. */
  readonly judged: string[];
  /** How many effects there have been. */
  effects(): Promise<number>;
}

async function serve(
  options: Parameters<typeof LiveServer.start>[0] = {},
  gate: () => Promise<void> = async () => undefined,
): Promise<Served> {
  const server = await LiveServer.start(options);
  ends.push(() => server.end());
  const judged: string[] = [];
  const cards = server.medulla.resource('/cards', { public: true });
  cards.use(async (ctx, next) => {
    await gate();
    judged.push(...ctx.ids);
    await next();
  });
  const effects = async () => (await cards.publish({ record: 'the count' })) - 1;
  return Object.assign(server, { judged, effects });
}

const nameOf = (server: string, user = 'ada') =>
  databaseName({ server, path: '/socket.io', user: user as UserId });

/** What an earlier hub left on the disk. */
async function leave(server: string, ops: readonly Op[], user = 'ada'): Promise<void> {
  const storage = idbStorage({ name: nameOf(server, user), log });
  await storage.open(boot(`earlier-${user}`), PROTOCOL);
  await storage.commit(ops, 'strict');
  storage.close();
}

async function outbox(server: string): Promise<readonly OutboxRow[]> {
  const storage = idbStorage({ name: nameOf(server), log });
  const opened = await storage.open(boot('look'), PROTOCOL);
  storage.close();
  return opened.outbox;
}

const sync = (pages = 0, patience = 2_000) =>
  backgroundSync({ locks, log, pages: async () => pages, patience });

describe('what is sent with no page open', () => {
  it('[BG6] is all that is queued, once and in order, of every user that the server knows', async () => {
    const server = await serve();
    await leave(
      server.url,
      [1, 2, 3].map((n) => putMutation(outboxRow(n))),
    );
    const bobs = outboxRow(1);
    const mutation = { ...bobs.mutation, id: 'other:1' as never, user: 'bob:b/c' as UserId, record: 'b' };
    await leave(server.url, [putMutation({ ...bobs, mutation })], 'bob:b/c');
    await sync();
    expect(server.judged.filter((id) => id !== 'other:1')).toEqual(['tab:1', 'tab:2', 'tab:3']);
    expect(server.judged).toContain('other:1');
    expect((await outbox(server.url)).filter(({ receipt }) => !receipt)).toEqual([]);
    expect(await leftBehind()).toEqual([]);
    await sync();
    expect(server.judged).toHaveLength(4);
  });

  it('[BG6] is a great many writes too, in pushes as large as the server takes', async () => {
    const server = await serve({ limits: { batch: 20 } });
    await leave(
      server.url,
      Array.from({ length: 500 }, (_, n) => putMutation(outboxRow(n + 1))),
    );
    await sync();
    expect(new Set(server.judged).size).toBe(500);
    expect(await server.effects()).toBe(500);
    expect(await leftBehind()).toEqual([]);
  });

  it('[BG6] is taken off the disk, and what the server refuses stays for its user', async () => {
    const server = await serve({});
    const bad = outboxRow(2);
    const mutation = { ...bad.mutation, topic: '/nowhere' as never };
    await leave(server.url, [putMutation(outboxRow(1)), putMutation({ ...bad, mutation })]);
    await sync();
    expect((await outbox(server.url)).find(({ order }) => order === 2)).toMatchObject({
      receipt: { type: 'invalid', code: 'unknown-resource' },
    });
    expect(await leftBehind()).toEqual([]);
  });

  it('[BG7] is nothing while a page is open, or the last hub is there: it is tried again', async () => {
    const server = await serve();
    await leave(server.url, [putMutation(outboxRow(1))]);
    await expect(sync(1)).rejects.toThrow('A page is open');
    const held = new Promise<() => void>((resolve) => {
      locks.request(hubLock(boot('earlier-ada')), () => new Promise<void>((release) => resolve(release)));
    });
    await expect(sync()).rejects.toThrow('The last hub is still there');
    (await held)();
    expect(server.judged).toEqual([]);
    await sync();
    expect(server.judged).toEqual(['tab:1']);
    await sync(1);
  });

  it('[BG6] is asked for by the browser with our tag, and by no other', async () => {
    const server = await serve();
    await leave(server.url, [putMutation(outboxRow(1))]);
    const target = new EventTarget();
    const clients = { matchAll: async () => [] };
    listenForSync(Object.assign(target, { navigator, clients }) as unknown as ServiceWorkerGlobalScope, log);
    const waited: Promise<unknown>[] = [];
    const fire = (tag: string) =>
      target.dispatchEvent(
        Object.assign(new Event('sync'), { tag, waitUntil: (work: Promise<unknown>) => waited.push(work) }),
      );
    fire('of the application');
    expect(waited).toEqual([]);
    fire('medulla');
    await Promise.all(waited);
    expect(server.judged).toEqual(['tab:1']);
  });

  it('[BG8] is nothing that is sealed, nor is anybody signed in', async () => {
    const server = await serve();
    const seal = { signedOut: true, upTo: 1 };
    await leave(server.url, [putMutation(outboxRow(1)), { type: 'putSeal', seal }]);
    await sync();
    expect(server.judged).toEqual([]);
    const storage = idbStorage({ name: nameOf(server.url), log });
    expect(await storage.open(boot('look'), PROTOCOL)).toMatchObject({ seal, outbox: [{ order: 1 }] });
    storage.close();
  });

  it('[BG8] is nothing of another user than the one whom the server knows', async () => {
    const server = await serve({ authenticate: () => 'bob' });
    await leave(server.url, [putMutation(outboxRow(1))]);
    await expect(sync()).rejects.toMatchObject({ code: 'unreachable' });
    expect(server.judged).toEqual([]);
    expect(await outbox(server.url)).toHaveLength(1);
  });

  it('[BG11] goes with the token that the application had kept', async () => {
    const server = await serve({ authenticate: ({ token }) => (token === 'kept' ? 'ada' : null) });
    await leave(server.url, [putMutation(outboxRow(1)), { type: 'putToken', token: 'kept' }]);
    await sync();
    expect(server.judged).toEqual(['tab:1']);
  });

  it('[BG8] is nothing of a database of a newer build, which stays as it is', async () => {
    const server = await serve();
    await leave(server.url, [putMutation(outboxRow(1))]);
    const storage = idbStorage({ name: nameOf(server.url), log });
    await storage.open(boot('newer'), PROTOCOL + 1);
    storage.close();
    await sync();
    expect(server.judged).toEqual([]);
  });

  it('[BG9] is tried again by the browser where the server is not there, and is all there then', async () => {
    const server = await serve();
    await leave(server.url, [putMutation(outboxRow(1))]);
    await server.end();
    ends.splice(0);
    await expect(sync(0, 200)).rejects.toMatchObject({ code: 'unreachable' });
    expect(await outbox(server.url)).toHaveLength(1);
  });

  it('[BG9] races with the hub of a page without harm: both push the same, and it is done once', async () => {
    const pushed = [deferred<void>(), deferred<void>()];
    let pushes = 0;
    const server = await serve({}, () => {
      pushed[pushes++]?.resolve();
      return pushed[1]?.promise ?? Promise.resolve();
    });
    await leave(server.url, [putMutation(outboxRow(1))]);
    const inBackground = sync();
    await pushed[0]?.promise;
    await Promise.all([enter(server.url), inBackground]);
    expect(server.judged).toEqual(['tab:1', 'tab:1']);
    expect(await server.effects()).toBe(1);
    expect(await leftBehind()).toEqual([]);
  });

  /** A page's hub; resolves once it has sent all. */
  async function enter(server: string): Promise<void> {
    const hub = browserHub({ user: 'ada', server, path: '/socket.io', slot: 0 }, { locks, log });
    ends.push(() => hub.close());
    const { port1, port2 } = new MessageChannel();
    ends.push(() => port1.close());
    hub.attach(messagePort(port2));
    const leave = await webLocks(locks).hold(tabLock(hello.tab));
    ends.push(leave);
    const tab = tabEnd(messagePort(port1));
    tab.say(hello);
    await tab.first('batch', ({ status }) => status?.connection === 'open' && status.pending === 0);
    await hub.flush();
  }
});
