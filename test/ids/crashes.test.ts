import { describe, expect, it } from 'vitest';
import { deferred } from '../support/deferred.ts';
import { collectionOf, idsOf, isTemporary, world } from './world.ts';

describe('temporary ids over crashes', () => {
  it('[ID14] are one record where the answer is lost, and nobody sees two', async () => {
    const { browser, page, rowsOf, open } = await world();
    const other = await open();
    const counts = new Set<number>();
    for (const { tasks } of [page, other]) tasks.on('all', () => counts.add(tasks.length));
    browser.network.lost = 1;
    const task = page.tasks.add({ title: 'a' });
    const ids = idsOf(task);
    task.save();
    await browser.settle(60_000);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'a' }]);
    expect([ids.at(-1), page.tasks.length, other.tasks.length]).toEqual([1, 1, 1]);
    expect(Math.max(...counts)).toBe(1);
  });

  it('[ID14] are one record where the hub dies between the server commit and the receipt', async () => {
    const { browser, page, rowsOf, open } = await world();
    const other = await open();
    const never = deferred<void>();
    browser.network.hold = (name) => (name === 'push' ? never.promise : undefined);
    const task = page.tasks.add({ title: 'a' });
    const request = task.save();
    await browser.settle(50);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'a' }]);
    browser.killHub();
    browser.network.hold = null;
    await browser.settle(60_000);
    expect(await request).toMatchObject({ id: 1 });
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'a' }]);
    expect(page.tasks.toJSON()).toEqual([{ id: 1, title: 'a' }]);
    expect(page.tasks.models).toEqual([task]);
    expect(other.tasks.toJSON()).toEqual([{ id: 1, title: 'a' }]);
  });

  it('[ID14] are what they became, in one transaction, whichever commit the browser crashes before', async () => {
    let crashed = 1;
    let commits = 0;
    for (; crashed > 0; commits++) {
      const { browser, page, rowsOf, open } = await world();
      browser.network.online = false;
      await browser.settle();
      const project = collectionOf(page, '/projects').add({ name: 'p' });
      project.save();
      await browser.settle();
      const children = new (page.backbone.Collection.extend({ url: `/projects/${project.id}/tasks` }))();
      children.add({ title: 't', project: project.id }).save();
      page.tasks.add({ project: project.id }).save();
      await browser.settle();
      browser.commits = commits;
      browser.network.online = true;
      await browser.settle(60_000);
      crashed = browser.crashed;
      browser.commits = Number.POSITIVE_INFINITY;
      browser.kill();
      const again = await open();
      await browser.settle(60_000);
      expect(await rowsOf('/projects')).toEqual([{ id: 1, name: 'p' }]);
      expect(await rowsOf('/projects/1/tasks')).toEqual([{ id: 1, title: 't', project: 1 }]);
      expect(await rowsOf('/tasks')).toEqual([{ id: 1, project: 1 }]);
      expect(again.tasks.toJSON()).toEqual([{ id: 1, project: 1 }]);
      expect(again.medulla.status.get('pending')).toBe(0);
      expect(browser.disk.rows.outbox.size).toBe(0);
    }
    expect(commits).toBeGreaterThan(2);
  });

  it('[ID15] are known after a restart: an old url is answered, an old write arrives', async () => {
    const { browser, page, rowsOf, open } = await world();
    browser.network.online = false;
    await browser.settle();
    const task = page.tasks.add({ title: 'a' });
    task.save();
    await browser.settle();
    const temporary = String(task.id);
    browser.network.online = true;
    await browser.settle(60_000);
    browser.kill();
    const { backbone, medulla } = await open();
    const old = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: temporary });
    const ids = idsOf(old);
    old.fetch();
    await browser.settle();
    expect([old.attributes, ids]).toEqual([{ id: 1, title: 'a' }, [1]]);
    const blind = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: temporary });
    blind.save({ done: true, next: temporary }, { patch: true });
    await browser.settle(1_000);
    expect(blind.id).toBe(1);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'a', done: true, next: 1 }]);
    const gone = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: temporary });
    gone.destroy();
    await browser.settle(1_000);
    expect(await rowsOf('/tasks')).toEqual([]);
    expect(medulla.status.get('pending')).toBe(0);
  });

  it('[ID15] are told to a tab that slept meanwhile, when it wakes', async () => {
    const { browser, page, rowsOf, open } = await world();
    const other = await open();
    browser.network.online = false;
    await browser.settle();
    const task = other.tasks.add({ title: 'a' });
    const ids = idsOf(task);
    other.tasks.on('remove', () => ids.push('removed'));
    task.save();
    await browser.settle();
    const temporary = task.id;
    expect(page.tasks.map(({ id }) => id)).toEqual([temporary]);
    other.medulla.close();
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect([isTemporary(task.id), page.tasks.at(0)?.id]).toEqual([true, 1]);
    other.medulla.open();
    await browser.settle(1_000);
    expect(ids).toEqual([temporary, 1]);
    expect(other.tasks.models).toEqual([task]);
    task.save({ title: 'b' });
    await browser.settle(1_000);
    expect(await rowsOf('/tasks')).toEqual([{ id: 1, title: 'b' }]);
  });
});
