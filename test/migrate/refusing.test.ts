import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import type { MedullaOptions } from '../../src/client/options.ts';
import { byId, NEW, offlineForDays, pushed, rowsOf } from './deploy.ts';

interface Item extends Backbone.Model {
  retry(edit?: object): void;
  discard(): void;
}

const broken = (what: RegExp): MedullaOptions => ({
  ...NEW,
  migrate(attrs, about) {
    if (what.test(JSON.stringify(attrs))) throw new Error('Cannot make this of that');
    return NEW.migrate?.(attrs, about) ?? attrs;
  },
});

async function withBroken(what: RegExp) {
  const world = await offlineForDays();
  const page = await world.browser.open(broken(what));
  const { outbox } = page.medulla;
  await world.browser.settle();
  return { ...world, page, item: outbox.findWhere({ state: 'rejected' }) as Item | undefined };
}

describe('what migrate throws for', () => {
  it('[MG5] a write is rejected with a code of its own, and neither sent nor lost', async () => {
    const { browser, page, item } = await withBroken(/"A2"/);
    expect(page.reported.map(String)).toEqual(['Error: Cannot make this of that']);
    expect(item?.toJSON()).toMatchObject({
      record: 'a',
      set: { title: 'A2' },
      receipt: {
        type: 'retry',
        code: 'migrate',
        message: expect.stringContaining('Cannot make this of that'),
      },
    });
    browser.network.online = true;
    await browser.settle(60_000);
    expect(page.medulla.status.attributes).toMatchObject({ pending: 0, rejected: 1 });
    expect(pushed(browser).filter(({ mutation }) => mutation.set.title === 'A2')).toEqual([]);
  });

  it('[MG5] retry tries to migrate it again, and a later deploy that can does so by itself', async () => {
    const { browser, core, item } = await withBroken(/"A2"/);
    browser.network.online = true;
    await browser.settle(60_000);
    item?.retry();
    await browser.settle();
    expect(item?.get('state')).toBe('rejected');
    browser.kill();
    const { medulla } = await browser.open(NEW);
    await browser.settle(1_000);
    expect(medulla.status.attributes).toMatchObject({ pending: 0, rejected: 0 });
    expect(await rowsOf(core)).toMatchObject([{ id: 'a', name: 'A2' }, { id: 'c' }, { id: 'd' }]);
  });

  it('[MG5] an edit makes it one of the present shape, a discard ends it', async () => {
    for (const act of ['retry', 'discard'] as const) {
      const { browser, core, item } = await withBroken(/"A2"/);
      browser.network.online = true;
      await browser.settle(60_000);
      if (act === 'retry') item?.retry({ name: 'By hand' });
      else item?.discard();
      await browser.settle(1_000);
      const [a] = await rowsOf(core);
      expect(a).toMatchObject({ id: 'a', ...(act === 'retry' && { name: 'By hand' }) });
      expect(pushed(browser).at(-1)?.mutation.recordVersion).toBe(2);
    }
  });

  it('[MG6] a record is not shown until the server has told what it is', async () => {
    const { browser, core, page } = await withBroken(/"C"/);
    expect(page.tasks.get('c')).toBeUndefined();
    expect(page.tasks.pluck('id').sort()).toEqual(['a', 'd']);
    browser.network.online = true;
    await browser.settle(60_000);
    expect(byId(page.tasks.toJSON())).toEqual(byId(await rowsOf(core)));
  });

  it.each([
    ['a promise', async (attrs: object) => attrs, 'migrate returned a promise'],
    ['a text', () => 'text', "'then' in text"],
    ['what cannot be sent', () => ({ constructor: 1 }), 'Cannot send an attribute named constructor'],
  ])('[MG7] %s is no attributes', async (_what, migrate, why) => {
    const { browser } = await offlineForDays();
    const page = await browser.open({ recordVersion: 2, migrate: migrate as never });
    await browser.settle();
    expect(page.medulla.outbox.length).toBe(0);
    await browser.settle();
    expect(page.medulla.outbox.pluck('state')).toEqual([
      'rejected',
      'rejected',
      'queued',
      'rejected',
      'rejected',
    ]);
    expect(String(page.reported[0])).toContain(why);
  });

  it('[MG7] attributes may be changed in place', async () => {
    const { browser } = await offlineForDays();
    const { tasks } = await browser.open({
      recordVersion: 2,
      migrate(attrs) {
        if ('title' in attrs) attrs.name = attrs.title ?? null;
        delete attrs.title;
        return undefined as never;
      },
    });
    expect(tasks.get('a')?.attributes).toMatchObject({ id: 'a', name: 'A2' });
    expect(tasks.get('a')?.has('title')).toBe(false);
  });
});
