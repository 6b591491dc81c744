import { describe, expect, it } from 'vitest';
import type { Host } from '../../src/client/host.ts';
import { fallbackHost } from '../../src/client/hosts/fallback-host.ts';
import { pageHost } from '../../src/client/hosts/page-host.ts';
import { sharedWorkerHost } from '../../src/client/hosts/shared-worker-host.ts';
import { slots } from '../../src/client/hosts/slots.ts';
import type { Boot, UserId } from '../../src/protocol/ids.ts';
import type { Port } from '../../src/protocol/port.ts';
import { portPair } from '../../src/testing/port-pair.ts';

const dead = 'dead' as Boot;
const configuration = { user: 'ada' as UserId, server: 'https://app.test', path: '/socket.io' };

function storage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  };
}
function refused(): never {
  throw new DOMException('Not here', 'SecurityError');
}
const alone = async <T>(_name: string, fn: () => T) => fn();
const slotsOf = (store: ReturnType<typeof storage> | undefined, release = 1, url = '/w.js') =>
  slots({
    name: 'app:ada',
    own: { url, release },
    storage: () => store ?? refused(),
    alone,
  });

describe('the slot', () => {
  it('[HS14] is the same for all pages, and is replaced only by a page that found dead the very one that is current', async () => {
    const store = storage();
    const [one, two] = [slotsOf(store), slotsOf(store)];
    expect((await one.claim(false)).slot).toBe(0);
    expect((await two.claim(false)).slot).toBe(0);
    expect((await one.claim(true)).slot).toBe(1);
    expect((await two.claim(true)).slot).toBe(1);
    expect((await two.claim(true)).slot).toBe(2);
  });

  it('[HS14] is replaced by the page that was loaded last where pages say different things of a dialect, and by no other', async () => {
    const store = storage();
    const page = (poll: number, release = 1) =>
      slots({
        name: 'app:ada',
        own: { url: '/w.js', release, dialect: { name: 'rest', poll } },
        storage: () => store,
        alone,
      });
    const [one, two] = [page(5_000), page(9_000)];
    const dialect = { name: 'rest', poll: 9_000 };
    expect(await one.claim(false)).toMatchObject({ slot: 0, dialect: { poll: 5_000 } });
    expect(await two.claim(false)).toMatchObject({ slot: 1, dialect });
    // Its hub was deposed by the other's.
    expect(await one.claim(true)).toMatchObject({ slot: 1, dialect });
    expect(await page(9_000).claim(false)).toMatchObject({ slot: 1, dialect });
    expect(await page(5_000, 0).claim(false)).toMatchObject({ slot: 1, dialect });
  });

  it('[HS14] is counted in the page where nothing can be kept, and begins anew where what is kept is none', async () => {
    const none = slotsOf(undefined);
    expect([(await none.claim(false)).slot, (await none.claim(true)).slot]).toEqual([0, 1]);
    const store = storage();
    for (const wrong of ['{', 'null', '{"slot":1,"release":9}', '{"slot":"x"}']) {
      store.kept.set('medulla:app:ada', wrong);
      expect((await slotsOf(store).claim(false)).slot).toBe(0);
    }
  });
});

it('[HS14] is counted in the page where what is kept is full', async () => {
  const full = slots({
    name: 'app:ada',
    own: { url: '/w.js', release: 1 },
    storage: () => ({ getItem: () => null, setItem: refused }),
    alone,
  });
  expect((await full.claim(false)).slot).toBe(0);
  expect((await full.claim(true)).slot).toBe(1);
  expect((await full.claim(false)).slot).toBe(1);
});

/** A browser's SharedWorker. */
function workers() {
  const made: { url: string; options: { name?: string } }[] = [];
  const started: { onerror: ((event: Event) => unknown) | null }[] = [];
  const Worker = class {
    port = new MessageChannel().port1;
    onerror: ((event: Event) => unknown) | null = null;
    constructor(url: string, options: object) {
      made.push({ url, options });
      started.push(this);
    }
  };
  return { Worker, made, started };
}

describe('the SharedWorker as host', () => {
  it('[HS15] is started with its configuration as its name, and asked to stay', async () => {
    const { Worker, made } = workers();
    const host = sharedWorkerHost({
      Worker,
      configuration,
      slots: slotsOf(storage()),
      watch: () => () => undefined,
    });
    const port = await host.join(null);
    port.close();
    const name = made[0]?.options.name ?? '';
    expect(made).toEqual([{ url: '/w.js', options: { type: 'module', name, extendedLifetime: true } }]);
    expect(JSON.parse(name)).toEqual({ ...configuration, slot: 0, extendedLifetime: true });
  });

  it('[HS15] says that it failed where its script does not start', async () => {
    const { Worker, started } = workers();
    const host = sharedWorkerHost({
      Worker,
      configuration,
      slots: slotsOf(storage()),
      watch: () => () => undefined,
    });
    const port = await host.join(null);
    const heard: unknown[] = [];
    port.listen((message) => heard.push(message));
    started[0]?.onerror?.(Object.assign(new Event('error'), { message: 'SyntaxError' }));
    started[0]?.onerror?.(new Event('error'));
    port.close();
    expect(heard).toEqual([
      { type: 'failed', code: 'no-hub', message: 'SyntaxError' },
      { type: 'failed', code: 'no-hub', message: '' },
    ]);
  });
});

describe('the host that there is', () => {
  const joined: string[] = [];
  const host = (name: string, kind: Host['kind'], reason: string | null, works = true): Host => ({
    kind,
    reason,
    watch: () => () => undefined,
    async join(boot) {
      if (!works) throw new Error(`${name} does not work`);
      joined.push(`${name} ${boot}`);
      return portPair()[0];
    },
  });
  const fallback = (first: Host | null, again = false) =>
    fallbackHost({
      first,
      second: async (what) => host('page', 'page', what ? `Diagnosed: ${what}` : 'This browser has none'),
      again: () => again,
    });

  it('[HS17] is the worker, until it fails; from then on the page, which says why', async () => {
    joined.length = 0;
    const both = fallback(host('worker', 'shared', null));
    expect([both.kind, both.reason]).toEqual(['shared', null]);
    await both.join(null);
    await both.join(dead);
    await both.join(dead, 'SyntaxError');
    await both.join(dead);
    expect([both.kind, both.reason]).toEqual(['page', 'Diagnosed: SyntaxError']);
    expect(joined).toEqual(['worker null', 'worker dead', 'page null', 'page dead']);
  });

  it('[HS17] is the worker once more where another page’s url failed', async () => {
    joined.length = 0;
    await fallback(host('worker', 'shared', null), true).join(dead, 'gone');
    expect(joined).toEqual(['worker dead']);
  });

  it('[HS17] is the page where there is no worker, or where making one throws', async () => {
    const none = fallback(null);
    expect(none.kind).toBe(null);
    await none.join(null);
    expect([none.kind, none.reason]).toEqual(['page', 'This browser has none']);
    const broken = fallback(host('worker', 'shared', null, false));
    await broken.join(null);
    expect([broken.kind, broken.reason]).toEqual(['page', 'Diagnosed: Error: worker does not work']);
  });

  it('[HS18] in the page starts one hub, and another where that was found dead', async () => {
    const hubs: { ports: Port[]; closed: boolean }[] = [];
    const page = pageHost('asked for', async () => {
      const hub = { ports: [] as Port[], closed: false };
      hubs.push(hub);
      return {
        attach: (port) => hub.ports.push(port),
        async close() {
          hub.closed = true;
        },
      };
    });
    const ports = [await page.join(null), await page.join(null), await page.join(dead)];
    expect(hubs.map(({ ports, closed }) => [ports.length, closed])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect([page.kind, page.reason]).toEqual(['page', 'asked for']);
    await expect(page.join(dead, 'never')).rejects.toThrow('never');
    for (const port of [...ports, ...hubs.flatMap((hub) => hub.ports)]) port.close();
  });

  it('[HS18] in the page lets the database go with its port, and stays where it has none', async () => {
    const told: string[] = [];
    let has = true;
    const page = pageHost('asked for', async () => {
      const name = `${told.push('started')}`;
      const hub = { attach: () => undefined, close: async () => void told.push(`${name} closed`) };
      return has ? { ...hub, release: () => told.push(`${name} released`) } : hub;
    });
    const [early, late] = await Promise.all([page.join(null), page.join(null)]);
    early.close();
    expect(told).toEqual(['started']);
    late.close();
    has = false;
    (await page.join(null)).close();
    expect(told).toEqual(['started', '1 closed', '1 released', 'started']);
    (await page.join(null)).close();
    expect(told).toHaveLength(4);
  });
});
