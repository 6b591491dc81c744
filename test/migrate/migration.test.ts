import { describe, expect, it } from 'vitest';
import type { MedullaOptions } from '../../src/client/options.ts';
import { byId, deploy, isOld, NEW, OLD, offlineForDays, pushed, rowsOf } from './deploy.ts';

const MIGRATED = [
  { id: 'a', name: 'A2', done: true },
  { id: 'c', note: 'x' },
  { id: 'd', name: 'D', done: false },
];

describe('a deploy that changes the shape of records', () => {
  it('[MG1] shows the new page, offline, migrated records with migrated writes on them', async () => {
    const { browser } = await offlineForDays();
    const { tasks, reported, seen } = await browser.open(NEW);
    expect(byId(tasks.toJSON())).toEqual(MIGRATED);
    expect(seen.filter(isOld)).toEqual([]);
    expect(reported).toEqual([]);
  });

  it('[MG2] sends what waited in the new shape, once, under the number of that shape', async () => {
    const { browser, writes, core } = await offlineForDays();
    const { tasks, medulla } = await browser.open(NEW);
    const before = writes.length;
    browser.network.online = true;
    await browser.settle(60_000);
    expect(medulla.status.get('pending')).toBe(0);
    const sent = writes.slice(before);
    expect(sent.map(([, version]) => version)).toEqual([2, 2, 2, 2, 2]);
    expect(sent.map(([, , set, unset]) => [set, unset])).toEqual([
      [{ done: true }, []],
      [{ name: 'A2' }, []],
      [{}, []],
      [{ name: 'D', done: false }, []],
      [{}, ['name']],
    ]);
    expect(new Set(sent.map(([id]) => id)).size).toBe(5);
    expect(byId(tasks.toJSON())).toEqual(byId(await rowsOf(core)));
  });

  it('[MG2] lets nothing of the old shape leave where the connection is there before', async () => {
    const { browser } = await offlineForDays();
    browser.network.up = true;
    const before = pushed(browser).length;
    await browser.open(NEW);
    await browser.settle(60_000);
    const versions = pushed(browser)
      .slice(before)
      .map(({ mutation }) => mutation.recordVersion);
    expect(versions).toEqual([2, 2, 2, 2, 2]);
  });

  it('[MG2] has what was sent in the old shape, and may have been applied, answered as before', async () => {
    const { browser, writes, core } = deploy();
    const page = await browser.open(OLD);
    browser.network.lost = 1;
    page.tasks.create({ id: 'a', title: 'A', done: 'no' });
    await browser.settle(10);
    browser.kill();
    const again = await browser.open(NEW);
    await browser.settle(60_000);
    expect(pushed(browser).map(({ mutation }) => mutation.recordVersion)).toEqual([undefined, 2]);
    expect(writes.map(([, version]) => version)).toEqual([0]);
    expect(again.medulla.status.get('pending')).toBe(0);
    expect(again.tasks.toJSON()).toEqual(await rowsOf(core));
  });

  it('[MG11] asks the server for all of a topic whose records were migrated, as soon as it can', async () => {
    const { browser, tasks } = await offlineForDays();
    const page = await browser.open(NEW);
    await tasks.publish({ record: 'a', set: { note: 'from the server' } });
    browser.network.online = true;
    await browser.settle(60_000);
    expect(page.tasks.get('a')?.toJSON()).toEqual({
      id: 'a',
      title: 'A',
      name: 'A2',
      done: true,
      note: 'from the server',
    });
  });

  it('[MG1] brings a topic of any size to the new shape, some at a time', async () => {
    const { browser, tasks } = deploy();
    const all = Array.from({ length: 1_201 }, (_, i) => ({ record: `r${i}`, set: { title: `T${i}` } }));
    await tasks.publish(all);
    await browser.open(OLD);
    await browser.settle(2_000);
    browser.kill();
    browser.network.online = false;
    const page = await browser.open(NEW);
    expect(new Set(page.tasks.pluck('name'))).toEqual(new Set(all.map(({ set }) => set.title)));
    expect(page.tasks.some((task) => task.has('title'))).toBe(false);
  });

  it('[MG1] brings single records of a topic that nobody follows to it as well', async () => {
    const { browser, core } = deploy();
    await core.resource('/lists', { public: true }).publish({ record: 'l', set: { title: 'L', done: 'no' } });
    const read = async (options: MedullaOptions) => {
      const { backbone } = await browser.open(options);
      const model = new (backbone.Model.extend({ urlRoot: '/lists' }))({ id: 'l' });
      await model.fetch();
      return model.toJSON();
    };
    expect(await read(OLD)).toEqual({ id: 'l', title: 'L', done: 'no' });
    await browser.settle();
    browser.kill();
    browser.network.online = false;
    expect(await read(NEW)).toEqual({ id: 'l', name: 'L', done: false });
  });
});
