import { afterEach, beforeEach, expect, it } from 'vitest';
import { until } from '../support/browser/until.ts';
import { seen, World } from '../support/browser/world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

type Tab = Awaited<ReturnType<World['tab']>>;

const tabOf = (user: string, more: object = {}) =>
  world.tab({ user, url: `/${user}/cards`, routes: ['/'], ...more });

/** All that the databases of this origin hold for the user, as text. */
const held = (tab: Tab, user: string) =>
  tab.evaluate(async (user) => {
    const ended = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
    const rows: unknown[] = [];
    for (const name of names.filter((one) => one.startsWith('medulla:') && one.endsWith(`:${user}`))) {
      const database = await ended(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const all = database.transaction(store).objectStore(store);
        rows.push(store, await ended(all.getAllKeys()), await ended(all.getAll()));
      }
      database.close();
    }
    return JSON.stringify(rows);
  }, user);

it('[US21] keeps two users of one browser apart, through sign-out and sign-in', async () => {
  const [ann, bob] = [await tabOf('ann'), await tabOf('bob')];
  const second = await tabOf('ann');
  await ann.evaluate(() => t.create({ id: 'a1', title: 'of ann' }));
  await bob.evaluate(() => t.create({ id: 'b1', title: 'of bob' }));
  await until('both are kept', async () => {
    const [of, other] = [await held(ann, 'ann'), await held(ann, 'bob')];
    return of.includes('of ann') && other.includes('of bob');
  });
  expect(await held(ann, 'ann')).not.toContain('of bob');
  expect(await held(ann, 'bob')).not.toContain('of ann');
  expect(await world.devtools.sharedWorkers()).toHaveLength(2);

  await ann.evaluate(() => t.medulla.signOut());
  await seen(second, () => t.status().user === null && t.cards.length === 0);
  expect(await ann.evaluate(() => t.cards.length)).toBe(0);
  expect(await held(ann, 'ann')).not.toContain('of ann');
  expect(await bob.evaluate(() => t.snapshot())).toContain('of bob');

  // The same tab, as the other user, and the first again in the second tab.
  await ann.evaluate(() => {
    t.settings.url = '/bob/cards';
    t.medulla.signIn('bob');
    t.cards.fetch();
  });
  await second.evaluate(() => {
    t.medulla.signIn('ann');
    t.cards.fetch();
  });
  await seen(ann, () => t.snapshot().includes('of bob'));
  await seen(second, () => t.snapshot().includes('of ann'));
  expect(await held(bob, 'bob')).not.toContain('of ann');
  expect(world.complaints).toEqual([]);
});

it('[US21] seals what is kept, and adopts what nobody wrote', async () => {
  const ann = await tabOf('ann');
  await world.server.kill();
  await ann.evaluate(() => {
    t.create({ id: 'k', title: 'kept by ann' });
  });
  await seen(ann, () => Number(t.status().pending) === 1);
  await ann.evaluate(() => t.medulla.signOut({ outbox: 'keep' }));
  const nobody = await world.page(
    `/?options=${encodeURIComponent(JSON.stringify({ server: `http://127.0.0.1:${world.proxy.port}`, url: '/bob/cards', routes: ['/'] }))}`,
  );
  await nobody.evaluate(() => {
    t.create({ id: 'd', title: 'draft' });
  });
  expect(await nobody.evaluate(() => t.medulla.signIn('bob', { adopt: true }).then(() => 'in'))).toBe('in');
  expect(await held(nobody, 'bob')).toContain('draft');
  expect(await held(nobody, 'bob')).not.toContain('kept by ann');
  expect(await held(nobody, '')).not.toContain('draft');
  await world.server.start(world.file());
  await ann.evaluate(() => {
    t.medulla.signIn('ann');
    t.cards.fetch();
  });
  await seen(ann, () => t.snapshot().includes('kept by ann') && t.status().pending === 0);
  await seen(nobody, () => t.status().pending === 0 && t.status().connection === 'open');
  expect(await held(nobody, 'bob')).not.toContain('kept by ann');
});
