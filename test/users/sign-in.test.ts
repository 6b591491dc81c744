import { describe, expect, it } from 'vitest';
import { requestOf } from '../client/support/backbone-request.ts';
import { world } from './world.ts';

describe('sign-in', () => {
  it('[US5] ends what is live, empties what was shown, and asks the other hub from then on', async () => {
    const { browser } = world();
    const { tasks, backbone, medulla, told } = await browser.open({ user: 'ann' });
    const mine = new (backbone.Collection.extend({ url: '/ann/tasks', follow: true }))();
    const his = new (backbone.Collection.extend({ url: '/bob/tasks', follow: true }))();
    mine.fetch();
    mine.create({ id: 'm', title: 'of ann' });
    await browser.settle();
    const [read, write] = [requestOf(tasks.fetch()), requestOf(mine.at(0).save({ title: 'more' }))];
    const done = medulla.signIn('bob');
    const next = requestOf(his.fetch());
    expect([mine.length, medulla.status.get('user'), told]).toEqual([0, 'bob', ['signin bob']]);
    await browser.settle();
    await done;
    await expect(read).rejects.toMatchObject({ code: 'abort' });
    await expect(write).rejects.toMatchObject({ code: 'abort', responseJSON: { unknown: true } });
    await expect(next).resolves.toEqual([]);
    expect(medulla.isOpen).toBe(true);
    expect(browser.said('bob')).not.toContain('/ann/');
  });

  it('[US5] resolves at once for the same user, and changes nothing', async () => {
    const { browser } = world();
    const { tasks, medulla, told } = await browser.open({ user: 'ann' });
    tasks.create({ id: 'a' });
    await medulla.signIn('ann');
    expect([tasks.length, told]).toEqual([1, []]);
  });

  it('[US6] hands over before it leaves, to another hub where theirs has just died', async () => {
    for (const dead of [false, true]) {
      const { browser, rows, judged } = world();
      const { backbone, medulla } = await browser.open({ user: 'ann' });
      if (dead) browser.killHub('ann');
      const mine = new (backbone.Collection.extend({ url: '/ann/tasks' }))();
      mine.create({ id: 'm', title: 'of ann' });
      const done = medulla.signIn('bob');
      await browser.settle(20_000);
      await done;
      expect(await rows('/ann/tasks')).toEqual(['m']);
      expect(judged).toEqual(['ann update m']);
      expect(browser.said('bob')).not.toContain('of ann');
    }
  });

  it('[US6] waits no longer than the deadline', async () => {
    const { browser } = world();
    const { backbone, medulla } = await browser.open({ user: 'ann', deadline: 2_000 });
    browser.dies = (user) => user === 'ann';
    new (backbone.Collection.extend({ url: '/ann/tasks' }))().create({ id: 'm' });
    const done = medulla.signIn('bob');
    await browser.settle(2_500);
    await done;
    expect(medulla.isOpen).toBe(true);
  });

  it('[US7] refuses to save what the former user has loaded, until it is read anew', async () => {
    const { browser, judged } = world();
    const { tasks, backbone, medulla } = await browser.open({ user: 'ann' });
    const other = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 'a' });
    tasks.create({ id: 'a', title: 'of ann' });
    await browser.settle();
    other.fetch();
    const loose = new (backbone.Collection.extend({ url: '/tasks' }))();
    loose.fetch();
    await browser.settle();
    other.set({ note: 'typed by ann' });
    medulla.signIn('bob');
    await browser.settle();
    const save = requestOf(other.save({ title: 'of bob' }));
    const destroy = requestOf(loose.at(0).destroy({ wait: true }));
    await browser.settle();
    for (const request of [save, destroy])
      await expect(request).rejects.toMatchObject({ code: 'wrong-user', status: 401 });
    await expect(save).rejects.toThrow("'ann' has loaded it, and 'bob' is signed in");
    other.fetch();
    await browser.settle();
    expect([other.get('title'), judged]).toEqual(['of ann', []]);
    const again = requestOf(other.save({ title: 'of bob' }));
    await browser.settle();
    await expect(again).resolves.toMatchObject({ title: 'of bob' });
    expect(browser.said('bob')).not.toContain('typed by ann');
  });

  it('[US7] lets the same user save it when they are back', async () => {
    const { browser } = world();
    const { backbone, medulla } = await browser.open({ user: 'ann' });
    const model = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 'a', title: 'one' });
    model.save();
    await browser.settle();
    medulla.signIn('bob');
    medulla.signIn('ann');
    const save = requestOf(model.save({ title: 'two' }));
    await browser.settle();
    await expect(save).resolves.toMatchObject({ title: 'two' });
  });
});

describe('two users in two tabs', () => {
  it('[US13] have a hub, a database and a wire each, and stay out of each other’s way', async () => {
    const { browser, rows } = world();
    const [ann, bob] = [await browser.open({ user: 'ann' }), await browser.open({ user: 'bob' })];
    for (const [{ backbone }, name] of [
      [ann, 'ann'],
      [bob, 'bob'],
    ] as const)
      new (backbone.Collection.extend({ url: `/${name}/tasks` }))().create({ id: `of ${name}` });
    await browser.settle();
    expect([await rows('/ann/tasks'), await rows('/bob/tasks')]).toEqual([['of ann'], ['of bob']]);
    const done = ann.medulla.signOut();
    await browser.settle();
    await done;
    expect([ann.told, bob.told, bob.medulla.isOpen]).toEqual([['signout ann'], [], true]);
    expect(browser.said('bob') + browser.held('bob')).not.toContain('of ann');
    expect(browser.said('ann') + browser.held('ann')).not.toContain('of bob');
  });
});
