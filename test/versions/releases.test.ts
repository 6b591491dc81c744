import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageHost } from '../../src/client/hosts/page-host.ts';
import { type Slot, slots } from '../../src/client/hosts/slots.ts';
import type { Boot } from '../../src/protocol/ids.ts';
import { PROTOCOL, RELEASE } from '../../src/protocol/version.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { HostDouble, HubDouble } from '../client/support/hub-double.ts';
import { openPage } from '../client/support/page.ts';
import { HubWorld } from '../support/hub-world.ts';
import { RawTab } from '../support/raw-tab.ts';

it("[VE1] counts the package's releases by its version", () => {
  const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  const [major, minor, patch] = manifest.version.split('.').map(Number);
  expect(RELEASE).toBe(major * 1_000_000 + minor * 1_000 + patch);
});

describe('the slot that the pages of several releases join', () => {
  const kept = new Map<string, string>();
  const storage = () => ({
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
  const page = (url: string, release: number) =>
    slots({
      name: 'app:ada',
      own: { url, release },
      storage,
      alone: async (_name, fn) => fn(),
    });
  const joined = async (one: ReturnType<typeof page>, dead = false): Promise<Slot['url']> =>
    (await one.claim(dead)).url;

  it("[VE2] is replaced by a page of a newer release, and never by an older one's", async () => {
    kept.clear();
    const [old, fresh] = [page('/old.js', 1_000), page('/new.js', 1_001)];
    expect(await joined(old)).toBe('/old.js');
    expect(await joined(fresh)).toBe('/new.js');
    // The old worker was deposed: its page comes to the new one, and the two do not go on for ever.
    expect(await joined(old, true)).toBe('/new.js');
    expect(await joined(fresh)).toBe('/new.js');
    expect((await page('/new.js', 1_001).claim(false)).slot).toBe(1);
  });

  it('[VE2] of a build that recorded no release is replaced', async () => {
    kept.clear();
    kept.set('medulla:app:ada', '{"slot":7,"url":"/first.js","protocol":2}');
    expect(await page('/next.js', 0).claim(false)).toEqual({ slot: 8, url: '/next.js', release: 0 });
  });

  it('[VE2] goes back to the own url where the newer one is found dead, after a rollback', async () => {
    kept.clear();
    await joined(page('/new.js', 1_001));
    const old = page('/old.js', 1_000);
    expect([await joined(old), old.isOwn]).toEqual(['/new.js', false]);
    expect([await joined(old, true), old.isOwn]).toEqual(['/old.js', true]);
    expect([await joined(old), old.isOwn]).toEqual(['/old.js', true]);
  });

  it('[VE4] is made once by a page that finds it dead, also where its url is the own one', async () => {
    kept.clear();
    await joined(page('/same.js', 1_000));
    const one = page('/same.js', 1_000);
    expect([await joined(one), one.isOwn]).toEqual(['/same.js', false]);
    expect([(await one.claim(true)).slot, one.isOwn]).toEqual([1, true]);
  });
});

describe('a page and a hub of different releases', () => {
  it.each([
    [RELEASE, false],
    [RELEASE - 1, true],
    [RELEASE + 1, false],
  ])('[VE3] the hub tells a page of release %i whether it is stale: %s', async (release, stale) => {
    const world = new HubWorld();
    const [near, far] = portPair();
    const tab = new RawTab('one', near);
    world.hub.attach(far);
    tab.hello(null, PROTOCOL, release);
    await world.settle();
    expect(tab.messages[0]).toMatchObject({ type: 'welcome', stale });
  });

  it('[VE3] the page says which release it is of', async () => {
    const { hub } = await openPage();
    expect(hub.of('hello')).toMatchObject([{ protocol: PROTOCOL, release: RELEASE }]);
  });

  it('[VE4] the page does not go on with a hub of an older protocol, and says why', async () => {
    const [old, next] = [new HubDouble('old'), new HubDouble('next')];
    old.protocol = PROTOCOL - 1;
    const host = new HostDouble(old, next);
    const { backbone, medulla } = await openPage({ host }, old);
    const task = new backbone.Model({ id: 'a', title: 'written at once' });
    task.url = () => '/tasks/a';
    task.save();
    await settle();
    expect(host.dead).toEqual([null, '']);
    expect(host.failures).toEqual([undefined, expect.stringContaining('outdated')]);
    expect(next.mutations).toMatchObject([{ record: 'a', set: { title: 'written at once' } }]);
    expect(medulla.status.get('stale')).toBe(false);
  });
});

describe('a page and a server of different protocols', () => {
  it('[VE5] the page is stale where the server speaks a newer one, and hears it once', async () => {
    const { hub, medulla } = await openPage();
    let told = 0;
    medulla.on('stale', () => told++);
    for (const pending of [1, 2]) {
      hub.tell({ status: { connection: 'paused', reason: 'protocol', message: 'Reload.', pending } });
      await settle();
    }
    expect([told, medulla.status.get('stale')]).toEqual([1, true]);
  });

  it('[VE5] the page is not stale where the server speaks an older one: a reload would not help', async () => {
    const { hub, medulla } = await openPage();
    hub.tell({ status: { connection: 'paused', reason: 'old-server', message: 'Not deployed yet.' } });
    await settle();
    expect(medulla.status.toJSON()).toMatchObject({ stale: false, reason: 'old-server' });
  });
});

describe('hubs that take the database from one another', () => {
  it('[VE14] a tab that was deposed five times within a minute waits half a minute', async () => {
    const hubs = Array.from({ length: 8 }, (_, n) => new HubDouble(`hub-${n}`));
    const host = new HostDouble(...hubs);
    const { clock } = await openPage({ host }, hubs[0]);
    for (const hub of hubs.slice(0, 6)) {
      hub.say({ type: 'deposed' });
      await settle();
    }
    expect(host.dead).toEqual([null, 'hub-0', 'hub-1', 'hub-2', 'hub-3', 'hub-4']);
    await clock.advance(29_999);
    expect(host.dead).toHaveLength(6);
    await clock.advance(1);
    expect(host.dead.slice(6)).toEqual(['hub-5']);
    await clock.advance(60_000);
    hubs[6]?.say({ type: 'deposed' });
    await settle();
    expect(host.dead.slice(7)).toEqual(['hub-6']);
  });

  it('[VE14] a page that is its own host does not take it back', async () => {
    const started: boolean[] = [];
    const host = pageHost('asked for', async (deposed) => {
      started.push(deposed);
      return { attach: () => undefined, close: async () => undefined };
    });
    const ports = [await host.join(null), await host.join('dead' as Boot)];
    for (const port of ports) port.close();
    expect(started).toEqual([false, true]);
  });
});
