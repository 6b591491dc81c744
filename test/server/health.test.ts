import { afterEach, describe, expect, it } from 'vitest';
import { Readiness } from '../../src/server/health/readiness.ts';
import { memoryStore } from '../../src/server.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { deferred } from '../support/deferred.ts';
import { LiveServer } from './support/live-server.ts';
import { storeMethods } from './support/store-methods.ts';

let server: LiveServer | undefined;
afterEach(async () => {
  await server?.end();
  server = undefined;
});

async function health(path = ''): Promise<readonly [number, unknown]> {
  const response = await fetch(`${server?.url}/medulla/health${path}`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return [response.status, await response.json()];
}

describe('/medulla/health', () => {
  it('[OP1] says that clients may come, with no scripts to serve too', async () => {
    server = await LiveServer.start({ assets: false });
    for (const path of ['', '/ready', '/live', '?x=1'])
      expect([path, ...(await health(path))]).toEqual([path, 200, { ok: true }]);
    expect((await fetch(`${server.url}/medulla/health`, { method: 'HEAD' })).status).toBe(200);
  });

  it('[OP1] says that none should while the store is being opened, and lives', async () => {
    const opened = deferred<void>();
    const store = memoryStore();
    const slow = { ...storeMethods(store), open: () => opened.promise.then(() => store.open()) };
    server = await LiveServer.start({ store: slow });
    expect(await health()).toEqual([503, { ok: false, why: 'starting' }]);
    expect(await health('/live')).toEqual([200, { ok: true }]);
    opened.resolve();
    await server.medulla.ready;
    expect(await health()).toEqual([200, { ok: true }]);
  });

  it('[OP1] says that none should where the store does not open, and nothing of why', async () => {
    const store = { ...storeMethods(memoryStore()), open: () => Promise.reject(new Error('no such host')) };
    server = await LiveServer.start({ store });
    await server.medulla.ready.catch(() => undefined);
    expect(await health()).toEqual([503, { ok: false, why: 'store' }]);
  });
});

describe('readiness', () => {
  function readiness(number: () => Promise<number>) {
    const clock = new VirtualClock();
    const logged: unknown[] = [];
    const log = (...line: unknown[]) => void logged.push(line);
    return { clock, logged, it: new Readiness({ store: { number }, clock, log, ready: Promise.resolve() }) };
  }

  it('[OP1] ends while the store fails, and begins again; the log has each once', async () => {
    let fails = false;
    const { clock, logged, it } = readiness(async () => {
      if (fails) throw new Error('gone');
      return 1;
    });
    await clock.advance(0);
    for (const wanted of [false, true, true, false]) {
      fails = wanted;
      await clock.advance(1_000);
      expect(await it.problem()).toBe(wanted ? 'store' : null);
    }
    expect(logged).toEqual([
      ['info', 'ready'],
      ['error', 'not-ready', { why: 'store', problem: 'gone' }],
      ['info', 'ready'],
    ]);
  });

  it('[OP1] ends also where the store throws at once, in the place of a promise', async () => {
    const { clock, logged, it } = readiness(() => {
      throw new Error('not open');
    });
    await clock.advance(0);
    expect(await it.problem()).toBe('store');
    expect(logged.at(-1)).toEqual(['error', 'not-ready', { why: 'store', problem: 'not open' }]);
  });

  it('[OP1] asks the store once a second, however often it is asked itself', async () => {
    let asked = 0;
    const { clock, it } = readiness(async () => ++asked);
    await clock.advance(0);
    await Promise.all(Array.from({ length: 50 }, () => it.problem()));
    await clock.advance(999);
    await it.problem();
    expect(asked).toBe(1);
    await clock.advance(1);
    await it.problem();
    expect(asked).toBe(2);
  });

  it('[OP1] has an answer within two seconds, also where the store has none', async () => {
    const { clock, it } = readiness(() => new Promise(() => undefined));
    await clock.advance(0);
    const problem = it.problem();
    await clock.advance(2_000);
    expect(await problem).toBe('store');
  });

  it('[OP1] ends at once where the server begins to close, while the store is being asked too', async () => {
    const { clock, it, logged } = readiness(() => new Promise(() => undefined));
    await clock.advance(0);
    const problem = it.problem();
    it.close();
    await clock.advance(2_000);
    expect([await problem, await it.problem()]).toEqual(['closing', 'closing']);
    expect(logged.at(-1)).toEqual(['info', 'not-ready', { why: 'closing' }]);
  });
});
