import { describe, expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import type { SharedBrowser } from './shared-browser.ts';
import { world } from './world.ts';

/** Somebody has written offline, and nobody knew who; or, `online`, as nobody in particular. */
async function written(online = false) {
  const at = world();
  const page = await at.browser.open();
  at.browser.network.online = online;
  for (const id of ['a', 'b']) page.tasks.create({ id, title: `draft ${id}` });
  await at.browser.settle();
  return { ...at, page };
}

const TASKS = '/tasks' as Topic;

const pushed = (browser: SharedBrowser, user: string) =>
  (browser.wires.get(user) ?? []).filter((said) => Object.hasOwn(said as object, 'push')).length;

describe('what nobody in particular wrote', () => {
  it('[US14] stays theirs without adopt', async () => {
    const { browser, rows, page } = await written();
    page.medulla.signIn('ann');
    await browser.settle();
    browser.killHub(''); // as a worker ends with its last tab
    browser.network.online = true;
    await browser.settle(60_000);
    expect([await rows(), browser.held('ann').includes('draft')]).toEqual([[], false]);
    expect(browser.held('')).toContain('draft b');
  });

  it('[US14] becomes the user’s with adopt: shown, sent as theirs, gone from where it was', async () => {
    const { browser, rows, judged, page } = await written();
    const done = page.medulla.signIn('ann', { adopt: true });
    page.tasks.fetch({ cache: 'only' } as never);
    void page.medulla.outbox;
    await browser.settle();
    await done;
    expect([page.medulla.status.get('pending'), page.medulla.outbox.pluck('user')]).toEqual([
      2,
      ['ann', 'ann'],
    ]);
    expect(browser.held('')).not.toContain('draft');
    browser.killHub(''); // as a worker ends with its last tab
    browser.network.online = true;
    await browser.settle(60_000);
    expect([await rows(), pushed(browser, '')]).toEqual([['a', 'b'], 0]);
    expect(page.tasks.pluck('title' as never)).toEqual(['draft a', 'draft b']);
    expect(judged).toEqual([]);
  });

  it('[US14] is adopted with what was written just before', async () => {
    const { browser, page } = await written();
    page.tasks.create({ id: 'c', title: 'draft c' });
    const done = page.medulla.signIn('ann', { adopt: true });
    await browser.settle();
    await done;
    expect(browser.held('ann')).toContain('draft c');
    expect(browser.held('')).not.toContain('draft');
  });

  it('[US14] resolves with nothing to adopt, and is not taken from under another tab of nobody in particular', async () => {
    const { browser, page, rows } = await written();
    const other = await browser.open();
    const done = page.medulla.signIn('ann', { adopt: true });
    await browser.settle();
    await done;
    await browser.settle(10_000);
    other.tasks.create({ id: 'o', title: 'other' });
    browser.network.online = true;
    await browser.settle(60_000);
    expect((await rows()).sort()).toEqual(['a', 'b', 'o']);
    expect(browser.said('')).toContain('"title":"other"');
    expect(browser.said('ann').match(/"adopted":true/g)).toHaveLength(2);
  });
});

describe('an adoption that is broken off', () => {
  for (const when of ['before', 'after'] as const)
    for (const nth of [1, 2, 3, 4])
      it(`[US14] ${when} commit ${nth} of the user’s hub: all is there once`, async () => {
        const { browser, rows, page, store } = await written();
        let commits = 0;
        browser.dies = (user, now) => user === 'ann' && now === when && ++commits === nth;
        const done = page.medulla.signIn('ann', { adopt: true });
        await browser.settle(30_000);
        await done;
        browser.network.online = true;
        await browser.settle(60_000);
        expect(await rows()).toEqual(['a', 'b']);
        const { rows: all } = await store.page(TASKS, null, { rows: 9, bytes: 1e6 });
        expect(all.map(([, , attrs]) => attrs.title)).toEqual(['draft a', 'draft b']);
        expect((await store.head(TASKS)).offset).toBe(2);
        expect(browser.held('') + browser.held('ann')).not.toContain('"set":{"title":"draft');
      });
});

describe('what was sent as nobody’s before it was adopted', () => {
  it('[US15] is not done again: the server knows it under the other name', async () => {
    const { browser, rows, page, store } = await written();
    browser.network.lost = 99;
    browser.network.online = true;
    await browser.settle(1_500);
    browser.network.online = false;
    browser.network.lost = 0;
    expect(await rows()).toEqual(['a', 'b']);
    expect(page.medulla.status.get('pending')).toBe(2);
    const done = page.medulla.signIn('ann', { adopt: true });
    await browser.settle();
    await done;
    browser.network.online = true;
    await browser.settle(60_000);
    expect((await store.head(TASKS)).offset).toBe(2);
    expect(page.medulla.status.get('pending')).toBe(0);
  });

  it('[US15] is not done twice by a hub that lives on and has not heard of the adoption', async () => {
    const { browser, rows, page, store } = await written();
    page.medulla.signIn('ann', { adopt: true });
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect([await rows(), pushed(browser, '')]).toEqual([['a', 'b'], 1]);
    expect((await store.head(TASKS)).offset).toBe(2);
    expect(page.medulla.status.get('pending')).toBe(0);
  });

  it('[US15] is withdrawn under the other name, so that what is late does nothing', async () => {
    const { browser, page, core, store } = await written();
    browser.network.stuck = true;
    browser.network.online = true;
    await browser.settle(31_000);
    const late = browser.network.asked.findLast(({ name }) => name === 'push');
    expect(late).toBeDefined();
    browser.network.online = false;
    browser.network.stuck = false;
    page.medulla.signIn('ann', { adopt: true });
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    const peer = await core.connect({
      handshake: { protocol: 2, user: '', token: null, device: 'd' },
      send: () => undefined,
    });
    const answer = await peer.handle('push', late?.request);
    expect(JSON.stringify(answer).match(/"type":"withdrawn"/g)).toHaveLength(2);
    expect((await store.head(TASKS)).offset).toBe(2);
  });
});
