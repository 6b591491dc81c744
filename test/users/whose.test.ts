import { describe, expect, it } from 'vitest';
import type { UserName } from '../../src/client/users/user-option.ts';
import { requestOf } from '../client/support/backbone-request.ts';
import { world } from './world.ts';

/** A promise and its two ends. */
function promised() {
  let resolve: (user: UserName) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const user = new Promise<UserName>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { user, resolve, reject };
}

describe('a user that is told later', () => {
  it('[US1] lets reads and writes wait; these are read at the call, and theirs who is told', async () => {
    const { browser, rows } = world();
    const { user, resolve } = promised();
    const { tasks, medulla } = await browser.open({ user });
    const task = tasks.create({ id: 'a', title: 'then' });
    task.set({ title: 'later' });
    await browser.settle(10_000);
    expect([tasks.length, await rows(), medulla.status.get('user')]).toEqual([1, [], null]);
    expect([browser.said('ann'), browser.said('')]).toEqual(['[]', '[]']);
    resolve('ann');
    await browser.settle();
    expect(browser.said('ann')).toContain('"user":"ann","topic":"/tasks","record":"a"');
    expect(browser.said('ann')).toContain('"title":"then"');
    expect(browser.said('ann')).not.toContain('later');
    expect([await rows(), medulla.status.get('user')]).toEqual([['a'], 'ann']);
  });

  it('[US1] takes a function, sync or not, a number, and null as nobody in particular', async () => {
    for (const [user, name] of [
      [() => 'ann', 'ann'],
      [async () => 7, '7'],
      [() => null, ''],
      [undefined, ''],
    ] as const) {
      const { browser } = world();
      const { medulla } = await browser.open({ user });
      expect(medulla.status.get('user')).toBe(name);
      expect(medulla.isOpen).toBe(true);
    }
  });

  it('[US2] fails what waits where it cannot be told, and says why', async () => {
    const { browser } = world();
    const { user, reject } = promised();
    const { tasks, medulla } = await browser.open({ user });
    const [save, fetch] = [requestOf(tasks.create({ id: 'a' }).save({ x: 1 })), requestOf(tasks.fetch())];
    reject(new Error('no session'));
    await browser.settle();
    for (const request of [save, fetch, requestOf(tasks.fetch())])
      await expect(request).rejects.toMatchObject({ code: 'no-user', status: 401 });
    await expect(medulla.ready).rejects.toMatchObject({ code: 'no-user' });
    expect(medulla.status.attributes).toMatchObject({ connection: 'closed', reason: 'no-user', user: null });
    expect(medulla.status.get('message')).toContain('no session');
  });

  it('[US2] refuses what is no name', async () => {
    const { browser } = world();
    await expect(browser.open({ user: {} as never })).rejects.toMatchObject({ code: 'bad-option' });
    const { medulla } = await browser.open({ user: async () => ({}) as never });
    expect(medulla.status.get('message')).toContain('Cannot take this as a user');
    await expect(medulla.signIn({} as never)).rejects.toMatchObject({ code: 'bad-option' });
  });
});

describe('whoever was here last', () => {
  it('[US2] stands in where a function fails', async () => {
    const { browser } = world();
    const first = await browser.open({ user: 'ann' });
    first.tasks.create({ id: 'a', title: 'of ann' });
    await browser.settle();
    browser.network.online = false;
    const { tasks, medulla } = await browser.open({
      user: () => {
        throw new Error('offline');
      },
    });
    expect([medulla.status.get('user'), tasks.pluck('title')]).toEqual(['ann', ['of ann']]);
  });

  it('[US3] stands in where there is no answer within patience and no network, and only then', async () => {
    const { browser } = world();
    browser.memory.last = 'ann';
    const { user } = promised();
    const { medulla } = await browser.open({ user });
    await browser.settle(10_000);
    expect(medulla.status.get('user')).toBe(null);
    browser.memory.online = false;
    await browser.settle(3_000);
    expect(medulla.status.get('user')).toBe('ann');
  });

  it('[US3] makes way for another who is told later, and for nobody whom the page has signed in meanwhile', async () => {
    for (const meanwhile of [false, true]) {
      const { browser } = world();
      browser.memory.last = 'ann';
      browser.memory.online = false;
      const { user, resolve } = promised();
      const { medulla, told } = await browser.open({ user });
      await browser.settle(3_000);
      if (meanwhile) medulla.signIn('cleo');
      resolve('bob');
      await browser.settle();
      expect([medulla.status.get('user'), told]).toEqual(
        meanwhile ? ['cleo', ['signin cleo']] : ['bob', ['signin bob']],
      );
    }
  });

  it('[US4] is remembered for as long as they have not signed out; nobody in particular is not', async () => {
    const { browser } = world();
    const { medulla } = await browser.open({ user: 'ann' });
    expect(browser.memory.last).toBe('ann');
    await browser.open({ user: () => null });
    expect(browser.memory.last).toBe(null);
    await browser.open({ user: 'bob' });
    const done = medulla.signOut();
    await browser.settle();
    await done;
    expect(browser.memory.last).toBe('bob');
  });
});
