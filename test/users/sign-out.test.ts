import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../client/support/backbone-request.ts';
import { world } from './world.ts';

const outcome = (promise: Promise<void>) =>
  promise.then(
    () => 'signed out',
    ({ code, left }) => `${code} ${left}`,
  );

describe('sign-out', () => {
  it('[US8] flushes what is on its way, erases, and tells every tab', async () => {
    const { browser, rows } = world();
    const [one, two] = [await browser.open({ user: 'ann' }), await browser.open({ user: 'ann' })];
    one.tasks.create({ id: 'a', title: 'of ann' });
    const done = one.medulla.signOut();
    await browser.settle();
    await done;
    expect(await rows()).toEqual(['a']);
    for (const { tasks, told, medulla } of [one, two]) {
      expect([tasks.length, told]).toEqual([0, ['signout ann']]);
      const gone = { user: null, connection: 'closed', reason: 'no-user' };
      expect(medulla.status.attributes).toMatchObject(gone);
    }
    expect(browser.held('ann')).not.toContain('of ann');
    expect(browser.memory.last).toBe(null);
  });

  it('[US8] answers a write that it flushed before it says that nobody is there any more', async () => {
    const { browser } = world();
    const { tasks, medulla } = await browser.open({ user: 'ann' });
    const task = tasks.create({ id: 'a' }) as Backbone.Model;
    const save = requestOf(task.save({ x: 2 }, { wait: true }));
    const done = medulla.signOut();
    await browser.settle();
    await done;
    await expect(save).resolves.toMatchObject({ x: 2 });
  });

  it('[US9] rejects with the count where there is no connection, and nothing has changed', async () => {
    const { browser, rows } = world();
    const { tasks, medulla, told } = await browser.open({ user: 'ann' });
    browser.network.online = false;
    tasks.create({ id: 'a' });
    tasks.create({ id: 'b' });
    await browser.settle();
    const done = outcome(medulla.signOut());
    await browser.settle();
    expect([await done, told, tasks.length]).toEqual(['unsent 2', [], 2]);
    expect(medulla.status.get('user')).toBe('ann');
    browser.network.online = true;
    await browser.settle(60_000);
    expect(await rows()).toEqual(['a', 'b']);
  });

  it('[US9] rejects after the timeout', async () => {
    const { browser } = world();
    const { tasks, medulla } = await browser.open({ user: 'ann' });
    browser.network.stuck = true;
    tasks.create({ id: 'a' });
    const done = outcome(medulla.signOut({ timeout: 1_500 }));
    await browser.settle(1_400);
    expect(medulla.status.get('pending')).toBe(1);
    await browser.settle(200);
    expect([await done, medulla.status.get('user')]).toEqual(['unsent 1', 'ann']);
  });

  it('[US9] counts what was refused and not decided', async () => {
    const { browser, core } = world();
    core.resource('/no', { authorize: ({ method }) => method === 'read' });
    const { backbone, medulla } = await browser.open({ user: 'ann' });
    new (backbone.Collection.extend({ url: '/no' }))().create({ id: 'a' });
    await browser.settle();
    const again = medulla.signOut();
    const done = outcome(again);
    await browser.settle();
    expect(await done).toBe('unsent 1');
    await expect(again).rejects.toThrow('Cannot sign out: 1 write refused, and nobody has decided');
  });

  it('[US11] discards the outbox where it is told to, offline too', async () => {
    const { browser, rows } = world();
    const { tasks, medulla } = await browser.open({ user: 'ann' });
    browser.network.online = false;
    tasks.create({ id: 'a', title: 'of ann' });
    const done = medulla.signOut({ outbox: 'discard' });
    await browser.settle();
    await done;
    expect(browser.held('ann')).not.toContain('of ann');
    browser.network.online = true;
    await browser.open({ user: 'ann' });
    await browser.settle(60_000);
    expect(await rows()).toEqual([]);
  });

  it('[US20] leaves nobody to ask for: reads and writes fail until somebody signs in, the same user too', async () => {
    const { browser } = world();
    const { tasks, medulla, told } = await browser.open({ user: 'ann' });
    const done = medulla.signOut();
    await browser.settle();
    await done;
    await expect(requestOf(tasks.fetch())).rejects.toMatchObject({ code: 'no-user' });
    await expect(requestOf(tasks.create({ id: 'x' }).save({ y: 1 }))).rejects.toMatchObject({
      code: 'no-user',
    });
    await expect(medulla.signOut()).rejects.toMatchObject({ code: 'no-user' });
    await expect(medulla.signOut({ outbox: 'burn' as never })).rejects.toMatchObject({ code: 'no-user' });
    const back = medulla.signIn('ann');
    const fetch = requestOf(tasks.fetch());
    await browser.settle();
    await back;
    await expect(fetch).resolves.toEqual([]);
    expect([medulla.isOpen, told]).toEqual([true, ['signout ann', 'signin ann']]);
    await expect(medulla.signOut({ outbox: 'burn' as never })).rejects.toMatchObject({ code: 'bad-option' });
  });

  it('[US8] is over where another signs in meanwhile, or the page is closed', async () => {
    for (const instead of ['signIn', 'close'] as const) {
      const { browser } = world();
      const { tasks, medulla, told } = await browser.open({ user: 'ann' });
      const other = await browser.open({ user: 'ann' });
      browser.network.stuck = true;
      tasks.create({ id: 'a' });
      const done = outcome(medulla.signOut({ timeout: 60_000 }));
      await browser.settle();
      if (instead === 'signIn') medulla.signIn('bob');
      else medulla.close();
      expect(await done).toBe('abort undefined');
      browser.network.stuck = false;
      await browser.settle(60_000);
      expect(told).toEqual(instead === 'signIn' ? ['signin bob'] : []);
      expect([other.told, other.medulla.status.get('pending')]).toEqual([[], 0]);
      if (instead === 'close') await expect(medulla.signIn('bob')).rejects.toMatchObject({ code: 'abort' });
    }
  });
});
