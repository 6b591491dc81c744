import { expect } from 'vitest';
import type { EngineWorld } from '../../support/browser/engine-world.ts';
import { seen } from '../../support/browser/seen.ts';
import type { EngineTab } from '../../support/engines/engine.ts';
import { until } from '../../support/until.ts';
import { scenario } from '../acceptance/scenario.ts';

const tabOf = (world: EngineWorld, user: string): Promise<EngineTab> =>
  world.tab({ user, url: `/${user}/cards`, routes: ['/'] });

/** All that the databases of this origin hold for the user, as text. */
const held = (tab: EngineTab, user: string) =>
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

/** Several users at one browser. */
export const users = [
  scenario(
    '[US21] two users of one browser have a worker each',
    async (world) => {
      await tabOf(world, 'ann');
      await tabOf(world, 'bob');
      expect(await world.workers.count()).toBe(2);
    },
    { needs: ['own worker', 'workers'] },
  ),

  scenario(
    '[US21] two users of one browser are kept apart, through sign-out and sign-in',
    async (world) => {
      const [ann, bob] = [await tabOf(world, 'ann'), await tabOf(world, 'bob')];
      const second = await tabOf(world, 'ann');
      await ann.evaluate(() => t.create({ id: 'a1', title: 'of ann' }));
      await bob.evaluate(() => t.create({ id: 'b1', title: 'of bob' }));
      await until('both are kept', async () => {
        const [of, other] = [await held(ann, 'ann'), await held(ann, 'bob')];
        return of.includes('of ann') && other.includes('of bob');
      });
      expect(await held(ann, 'ann')).not.toContain('of bob');
      expect(await held(ann, 'bob')).not.toContain('of ann');

      await ann.evaluate(async () => {
        await t.medulla.signOut();
      });
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
    },
    { needs: ['tabs'] },
  ),

  scenario(
    '[US21] what one user leaves is sealed, and what nobody wrote is adopted',
    async (world) => {
      const ann = await tabOf(world, 'ann');
      await world.server.kill();
      await ann.evaluate(() => {
        t.create({ id: 'k', title: 'kept by ann' });
      });
      await seen(ann, () => Number(t.status().pending) === 1);
      await ann.evaluate(async () => {
        await t.medulla.signOut({ outbox: 'keep' });
      });
      const nobody = await world.page(world.path({ url: '/bob/cards', routes: ['/'] }));
      await seen(nobody, () => 't' in globalThis);
      await nobody.evaluate(() => {
        t.create({ id: 'd', title: 'draft' });
      });
      expect(await nobody.evaluate(() => t.medulla.signIn('bob', { adopt: true }).then(() => 'in'))).toBe(
        'in',
      );
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
    },
    { needs: ['tabs'] },
  ),
];
