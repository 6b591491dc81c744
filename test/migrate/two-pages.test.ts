import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { Browser } from './browser.ts';
import { byId, deploy, isOld, NEW, OLD, pushed, rowsOf } from './deploy.ts';

/** An old page that has one record, and a new one beside it. */
async function both() {
  const world = deploy();
  const { browser } = world;
  const old = await browser.open(OLD);
  let stale = 0;
  old.medulla.on('stale', () => stale++);
  old.tasks.create({ id: 'a', title: 'A', done: 'no' });
  await browser.settle();
  browser.network.online = false;
  const fresh = await browser.open(NEW);
  await browser.settle();
  return { ...world, old, fresh, stale: () => stale };
}

describe('an old page beside a new one', () => {
  it('[MG8] is told that it is stale, once, and the new one is not', async () => {
    const { browser, old, fresh, stale } = await both();
    await browser.settle(60_000);
    expect([stale(), old.medulla.status.get('stale')]).toEqual([1, true]);
    expect([fresh.medulla.status.get('stale'), fresh.medulla.status.get('recordVersion')]).toEqual([
      false,
      2,
    ]);
  });

  it('[MG8] has what it writes migrated before anybody sees or sends it', async () => {
    const { browser, old, fresh, core } = await both();
    const seen: { id?: unknown }[] = [];
    fresh.tasks.on('change add', (model: Backbone.Model) => seen.push(model.toJSON()));
    old.tasks.create({ id: 'b', title: 'B', done: 'yes' });
    old.tasks.get('a')?.save({ done: 'yes' });
    await browser.settle();
    expect(byId(seen)).toEqual([
      { id: 'a', name: 'A', done: true },
      { id: 'b', name: 'B', done: true },
    ]);
    const { length } = pushed(browser);
    browser.network.online = true;
    await browser.settle(60_000);
    expect(
      pushed(browser)
        .slice(length)
        .map(({ mutation }) => mutation.recordVersion),
    ).toEqual([2, 2]);
    expect(byId(fresh.tasks.toJSON())).toEqual(byId(await rowsOf(core)));
  });

  it('[MG8] keeps its order with what the new page writes', async () => {
    const { browser, old, fresh, core } = await both();
    for (let i = 0; i < 5; i++) {
      old.tasks.get('a')?.save({ title: `old ${i}` });
      await browser.settle(0);
      fresh.tasks.get('a')?.save({ name: `new ${i}` });
      await browser.settle(0);
    }
    browser.network.online = true;
    await browser.settle(60_000);
    expect(await rowsOf(core)).toMatchObject([{ id: 'a', name: 'new 4' }]);
  });

  it('[MG9] writes as it is, under its number, where no newer page is there', async () => {
    const { browser, old, fresh, writes } = await both();
    fresh.process.kill();
    await browser.settle();
    old.tasks.create({ id: 'b', title: 'B' });
    browser.network.online = true;
    await browser.settle(60_000);
    expect(writes.at(-1)).toEqual([expect.any(String), 0, { title: 'B' }, []]);
    expect(old.medulla.status.attributes).toMatchObject({ pending: 0, stale: true });
  });

  it('[MG9] is told so by a hub that comes later, too', async () => {
    const { browser } = await both();
    browser.kill();
    const again = await browser.open(OLD);
    await browser.settle();
    expect(again.medulla.status.get('stale')).toBe(true);
  });
});

describe('while the new page migrates', () => {
  it('[MG2] nothing is pushed, and [MG1] nothing of the old shape is shown to it', async () => {
    const { browser, tasks } = deploy();
    const old = await browser.open(OLD);
    let broken = true;
    let asked = 0;
    tasks.use((_ctx, next) => {
      if (broken) throw new Error('not now');
      return next();
    });
    old.tasks.create({ id: 'a', title: 'A', done: 'no' });
    await browser.settle();
    broken = false;
    const slow = await browser.open({
      ...NEW,
      migrate(attrs, about) {
        if (asked++ === 0) browser.last?.freeze();
        return NEW.migrate?.(attrs, about) ?? attrs;
      },
    });
    const { length } = pushed(browser);
    await browser.settle(2_500);
    expect(pushed(browser).length).toBe(length);
    slow.process.thaw();
    await browser.settle(10_000);
    expect(
      pushed(browser)
        .slice(length)
        .map(({ mutation }) => mutation.set),
    ).toEqual([{ name: 'A', done: false }]);
    expect(slow.tasks.toJSON()).toEqual([{ id: 'a', name: 'A', done: false }]);
    expect(slow.seen.filter(isOld)).toEqual([]);
  });

  it('[MG8] what is written meanwhile waits its turn, and mixes with nothing of the old shape', async () => {
    const { browser, tasks } = deploy();
    tasks.use('create', (ctx, next) => {
      if (ctx.set.title === 'bad') throw new Refusal('Not that', { code: 'invalid' });
      return next();
    });
    const old = await browser.open(OLD);
    const refused = old.tasks.create({ title: 'bad', done: 'no' }) as unknown as Backbone.Model;
    await browser.settle();
    browser.kill();
    browser.network.online = false;
    let asked = 0;
    const slow = await browser.open({
      ...NEW,
      migrate(attrs, about) {
        if (asked++ === 0) browser.last?.freeze();
        return NEW.migrate?.(attrs, about) ?? attrs;
      },
    });
    const other = await browser.open(NEW);
    new (other.backbone.Model.extend({ urlRoot: '/tasks' }))({ id: refused.id, name: 'mine' }).save();
    await browser.settle();
    slow.process.thaw();
    await browser.settle();
    const sets = [...browser.disk.rows.outbox.values()].map(({ mutation }) => mutation.set);
    expect(sets).toEqual([{ name: 'mine', done: false }]);
  });
});

describe('an outbox of the old shape', () => {
  it('[MG1] is shown to the new page, and sent, in the new shape alone when it is imported there', async () => {
    const { browser, core, writes } = deploy();
    const old = await browser.open(OLD);
    browser.network.online = false;
    await browser.settle();
    old.tasks.create({ id: 'a', title: 'A', done: 'no' });
    await browser.settle();
    const items = old.medulla.export();
    await browser.settle();
    const other = new Browser(core);
    const fresh = await other.open(NEW);
    const imported = fresh.medulla.import((await items) as object[]);
    await other.settle(5_000);
    expect((await imported).taken.length).toBe(1);
    expect(fresh.seen.length).toBeGreaterThan(0);
    expect(fresh.seen.filter(isOld)).toEqual([]);
    expect(writes.map(([, version, set]) => [version, set])).toEqual([[2, { name: 'A', done: false }]]);
  });
});

describe('a page that is asked and does not answer', () => {
  /** Offline, an old page beside a frozen one that is the newest, and perhaps others. */
  async function frozen() {
    const world = await both();
    const newest = await world.browser.open({ ...NEW, recordVersion: 3 });
    newest.process.freeze();
    world.old.tasks.create({ id: 'b', title: 'B' });
    return { ...world, newest };
  }
  const left = (browser: Browser) =>
    [...browser.disk.rows.outbox.values()].map(({ mutation: { set, recordVersion } }) => [
      set,
      recordVersion,
    ]);

  it('[MG10] is waited for for a while, and then the next newest is asked', async () => {
    const { browser, fresh } = await frozen();
    await browser.settle(2_000);
    expect([left(browser), fresh.tasks.get('b')]).toEqual([[[{ title: 'B' }, undefined]], undefined]);
    await browser.settle(2_000);
    expect(left(browser)).toEqual([[{ name: 'B' }, 2]]);
    expect(fresh.tasks.get('b')?.toJSON()).toEqual({ id: 'b', name: 'B' });
  });

  it('[MG10] is not counted on until it says something', async () => {
    const { browser, fresh, old, newest } = await frozen();
    fresh.process.kill();
    await browser.settle(4_000);
    expect(left(browser)).toEqual([[{ title: 'B' }, undefined]]);
    old.tasks.create({ id: 'c', title: 'C' });
    await browser.settle();
    expect(left(browser).length).toBe(2);
    newest.process.thaw();
    await browser.settle(1_000);
    expect(left(browser)).toEqual([
      [{ name: 'B' }, 3],
      [{ name: 'C' }, 3],
    ]);
    expect(newest.tasks.pluck('name').sort()).toEqual(['A', 'B', 'C']);
  });

  it('[MG10] is not waited for where it is gone', async () => {
    const { browser, old, fresh } = await both();
    let asked = 0;
    await browser.open({
      recordVersion: 3,
      migrate(attrs) {
        asked += 1;
        browser.last?.kill();
        return attrs;
      },
    });
    old.tasks.create({ id: 'b', title: 'B' });
    await browser.settle();
    expect([asked, left(browser)]).toEqual([1, [[{ name: 'B' }, 2]]]);
    expect(fresh.tasks.pluck('name')).toEqual(['A', 'B']);
  });
});
