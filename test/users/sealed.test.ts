import { describe, expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import { world } from './world.ts';

/** Ann has written offline, and signed out; her writes were kept. */
async function sealed() {
  const at = world();
  const page = await at.browser.open({ user: 'ann' });
  at.browser.network.online = false;
  page.tasks.create({ id: 'k', title: 'kept by ann' });
  await at.browser.settle();
  const done = page.medulla.signOut({ outbox: 'keep' });
  await at.browser.settle();
  await done;
  return { ...at, page };
}

describe('a kept outbox', () => {
  it('[US10] is in the user’s own database, and nobody sends it', async () => {
    const { browser, rows, page } = await sealed();
    expect(browser.held('ann')).toContain('kept by ann');
    browser.network.online = true;
    page.medulla.signIn('bob');
    await browser.settle(60_000);
    expect(await rows()).toEqual([]);
  });

  it('[US10] is not shown before the server has named the user; then it is shown and sent, once', async () => {
    const { browser, rows, page } = await sealed();
    page.medulla.signIn('ann');
    page.tasks.fetch({ cache: 'only' } as never);
    void page.medulla.outbox;
    await browser.settle(5_000);
    expect([page.tasks.length, page.medulla.outbox.length, page.medulla.status.get('pending')]).toEqual([
      0, 0, 0,
    ]);
    page.tasks.create({ id: 'n', title: 'new' });
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect([page.tasks.pluck('id').sort(), (await rows()).sort()]).toEqual([
      ['k', 'n'],
      ['k', 'n'],
    ]);
    const pushes = browser.network.asked.filter(({ name }) => name === 'push');
    expect(JSON.stringify(pushes).match(/kept by ann/g)).toHaveLength(1);
  });

  it('[US10] keeps its own order: what is written before it is open comes after it', async () => {
    const { browser, page, store } = await sealed();
    page.medulla.signIn('ann');
    new (page.backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 'k', title: 'later' }).save();
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    const { rows } = await store.page('/tasks' as Topic, null, { rows: 9, bytes: 1e6 });
    expect(rows.map(([, , attrs]) => attrs)).toEqual([{ title: 'later' }]);
  });

  it('[US10] stays sealed over a restart of the hub, and what was written since does not', async () => {
    const { browser, page } = await sealed();
    page.medulla.signIn('ann');
    page.tasks.fetch({ cache: 'only' } as never);
    page.tasks.create({ id: 'n', title: 'new' });
    await browser.settle();
    browser.killHub('ann');
    await browser.settle(20_000);
    expect([page.told, page.medulla.status.get('user')]).toEqual([['signout ann', 'signin ann'], 'ann']);
    const other = await browser.open({ user: 'ann' });
    expect([other.tasks.pluck('id'), other.medulla.status.get('pending')]).toEqual([['n'], 1]);
  });
});

describe('without a disk', () => {
  it('[US10] nothing can be kept: it stays, and the user too', async () => {
    const { browser } = world();
    browser.broken = true;
    const { tasks, medulla } = await browser.open({ user: 'ann' });
    browser.network.online = false;
    tasks.create({ id: 'a' });
    const outcome = medulla.signOut({ outbox: 'keep' }).catch(({ code, left }) => [code, left]);
    await browser.settle();
    expect([await outcome, medulla.status.get('user')]).toEqual([['unsent', 1], 'ann']);
  });

  it('[US10] what turns out to be on it later is sealed as before', async () => {
    const { browser, rows, page } = await sealed();
    browser.broken = true;
    page.medulla.signIn('ann');
    page.tasks.fetch({ cache: 'only' } as never);
    await browser.settle();
    browser.broken = false;
    await browser.settle(400_000);
    expect([page.medulla.status.get('durable'), page.medulla.status.get('pending')]).toEqual([true, 0]);
    browser.network.online = true;
    await browser.settle(60_000);
    expect([await rows(), page.tasks.pluck('id')]).toEqual([['k'], ['k']]);
  });
});

describe('a tab that slept through the sign-out', () => {
  it('[US12] hears of it when it is back, and starts no hub for who has left', async () => {
    const { browser } = world();
    const [one, two] = [await browser.open({ user: 'ann' }), await browser.open({ user: 'ann' })];
    one.tasks.create({ id: 'a' });
    await browser.settle();
    two.lifecycle.hide();
    const done = one.medulla.signOut();
    await browser.settle();
    await done;
    browser.memory.last = 'bob';
    expect([two.told, two.tasks.length]).toEqual([[], 1]);
    const wire = browser.said('ann');
    two.lifecycle.show();
    await browser.settle(60_000);
    expect([two.told, two.tasks.length]).toEqual([['signout ann'], 0]);
    expect(two.medulla.status.attributes).toMatchObject({ user: null, reason: 'no-user' });
    expect([browser.said('ann'), browser.memory.last]).toEqual([wire, 'bob']);
  });

  it('[US12] goes on where the user is back before it wakes', async () => {
    const { browser } = world();
    const [one, two] = [await browser.open({ user: 'ann' }), await browser.open({ user: 'ann' })];
    two.lifecycle.hide();
    one.medulla.signOut();
    await browser.settle();
    one.medulla.signIn('ann');
    await browser.settle();
    two.lifecycle.show();
    await browser.settle();
    expect([two.told, two.medulla.isOpen]).toEqual([[], true]);
  });
});

describe('a hub that dies in mid sign-out', () => {
  for (const when of ['before', 'after'] as const)
    it(`[US12] ${when} it has erased: the next one ends it`, async () => {
      const { browser, rows } = world();
      const [one, two] = [await browser.open({ user: 'ann' }), await browser.open({ user: 'ann' })];
      one.tasks.create({ id: 'a', title: 'of ann' });
      await browser.settle();
      let deaths = 0;
      browser.dies = (_user, now) => now === when && deaths++ === 0;
      const done = one.medulla.signOut();
      await browser.settle(20_000);
      await done;
      expect([one.told, two.told, deaths > 0]).toEqual([['signout ann'], ['signout ann'], true]);
      expect(browser.held('ann')).not.toContain('of ann');
      expect(await rows()).toEqual(['a']);
    });
});
