import { describe, expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { requestOf } from '../client/support/backbone-request.ts';
import { world } from './world.ts';

/** A server that knows the users of some tokens, at the moment. */
function guarded(users: Record<string, string>) {
  const at = world({
    authenticate: ({ token }) => {
      const user = users[token ?? ''];
      if (user === undefined) throw new Refusal('Your session is over');
      return user;
    },
  });
  return { ...at, users };
}

describe('tokens', () => {
  it('[US16] that expire in mid-drain are asked for again: nothing is lost, nothing is done twice', async () => {
    const { browser, users, store } = guarded({ 't-1': 'ann' });
    let [token, asked] = ['t-1', 0];
    const auth = () => {
      asked++;
      return token;
    };
    const { tasks, medulla } = await browser.open({ user: 'ann', auth });
    browser.network.online = false;
    const ids = Array.from({ length: 600 }, (_, i) => `r${String(i).padStart(3, '0')}`);
    for (const id of ids) tasks.create({ id, n: 1 });
    await browser.settle();
    // The first of three pushes gets through, and its answer is lost with the session.
    browser.network.lost = 1;
    browser.network.online = true;
    for (let i = 0; i < 400 && browser.network.lost === 1; i++) await browser.settle(100);
    delete users['t-1'];
    browser.network.online = false;
    browser.network.online = true;
    await browser.settle(30_000);
    expect(medulla.status.attributes).toMatchObject({ connection: 'paused', reason: 'unauthorized' });
    expect(Number(medulla.status.get('pending'))).toBeGreaterThan(0);
    users['t-2'] = 'ann';
    token = 't-2';
    await browser.settle(60_000);
    expect([tasks.length, medulla.status.get('pending')]).toEqual([600, 0]);
    expect((await store.head('/tasks' as Topic)).offset).toBe(600);
    expect(asked).toBeGreaterThan(2);
  });

  it('[US17] that are refused for good pause the line: the writes are kept, and the status says why', async () => {
    const { browser, rows } = guarded({});
    const { tasks, medulla } = await browser.open({ user: 'ann', auth: () => 'bad' });
    const save = requestOf(tasks.create({ id: 'a' }).save({ n: 1 }));
    await browser.settle(120_000);
    await expect(save).resolves.toMatchObject({ id: 'a' });
    expect(medulla.status.attributes).toMatchObject({
      connection: 'paused',
      reason: 'unauthorized',
      message: 'Your session is over',
    });
    expect([save.status, medulla.status.get('pending'), await rows()]).toEqual([202, 2, []]);
  });

  it('[US17] that auth throws for, or never gives, are none; it is asked again', async () => {
    for (const failing of [
      () => {
        throw new Error('no session');
      },
      () => Promise.reject(new Error('no session')),
      () => new Promise<string>(() => undefined),
    ]) {
      const { browser, rows } = guarded({ good: 'ann' });
      let auth: () => string | Promise<string> = failing;
      const { tasks, medulla } = await browser.open({ user: 'ann', auth: () => auth() });
      tasks.create({ id: 'a' });
      await browser.settle(10_000);
      expect(medulla.status.attributes).toMatchObject({
        connection: 'paused',
        reason: 'unauthorized',
        pending: 1,
      });
      auth = () => 'good';
      await browser.settle(60_000);
      expect([await rows(), medulla.isOpen]).toEqual([['a'], true]);
    }
  });

  it('[US17] of another user pause the line; when the page signs in as that one, all goes on', async () => {
    const { browser, rows } = guarded({ 'of bob': 'bob' });
    const { tasks, medulla } = await browser.open({ user: 'ann', auth: () => 'of bob' });
    tasks.create({ id: 'a', title: 'of ann' });
    await browser.settle(60_000);
    expect(medulla.status.attributes).toMatchObject({
      connection: 'paused',
      reason: 'wrong-user',
      pending: 1,
    });
    expect(medulla.status.get('message')).toContain("'ann'");
    medulla.signIn('bob');
    tasks.create({ id: 'b' });
    await browser.settle(60_000);
    expect([await rows(), medulla.isOpen]).toEqual([['b'], true]);
    expect(browser.held('ann')).toContain('of ann');
    expect(browser.said('bob')).not.toContain('of ann');
  });

  it('[US18] are in memory only: in no row of the database, and in no log', async () => {
    const { browser, rows } = guarded({ 'secret-1': 'ann', 'secret-2': 'bob' });
    const page = await browser.open({ user: 'ann', auth: () => 'secret-1' });
    const other = await browser.open({ user: 'bob', auth: async () => 'secret-2' });
    page.tasks.create({ id: 'b' });
    other.tasks.create({ id: 'a', title: 'x' });
    browser.killHub('ann');
    browser.killHub('bob');
    await browser.settle(60_000);
    expect(await rows()).toEqual(['a', 'b']);
    expect(browser.said('ann')).toContain('"token":"secret-1"');
    const logged = browser.logged.map((entry) => JSON.stringify(entry)).join();
    expect(logged).toContain('"token":"…"');
    for (const where of [browser.held('ann'), browser.held('bob'), browser.held(''), logged])
      expect(where).not.toContain('secret');
  });

  it('[BG11] are on the disk where the application says so, until the user signs out, or it does not say so', async () => {
    const { browser } = guarded({ 'secret-1': 'ann', 'secret-2': 'ann' });
    const { medulla } = await browser.open({ user: 'ann', auth: () => 'secret-1', keepToken: true });
    await browser.settle(1_000);
    expect(browser.held('ann')).toContain('secret-1');
    const out = medulla.signOut({ outbox: 'keep' });
    await browser.settle();
    await out;
    expect(browser.held('ann')).not.toContain('secret');
    const next = await browser.open({ user: 'ann', auth: () => 'secret-2', keepToken: true });
    await browser.settle(1_000);
    expect(browser.held('ann')).toContain('secret-2');
    next.medulla.close();
    browser.killHub('ann');
    await browser.open({ user: 'ann', auth: () => 'secret-1' });
    await browser.settle(1_000);
    expect(browser.held('ann')).not.toContain('secret');
  });
});
