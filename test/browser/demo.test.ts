import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DemoWorld } from '../support/browser/demo-world.ts';

let world: DemoWorld;
beforeEach(async () => {
  world = await DemoWorld.open();
});
afterEach(async () => {
  await world.close();
});

const list = (page: Page, title: string) =>
  page.locator('.list').filter({ has: page.getByRole('button', { name: title, exact: true }) });
const card = (page: Page, title: string) =>
  page.locator('.card').filter({ has: page.getByText(title, { exact: true }) });
const line = (page: Page, words: string) => page.locator('#line').filter({ hasText: words }).waitFor();
const outbox = (page: Page, words: string) =>
  page.locator('#outbox-button').filter({ hasText: words }).waitFor();

async function add(page: Page, to: string, title: string): Promise<void> {
  const composer = list(page, to).getByLabel('Add a card');
  await composer.fill(title);
  await composer.press('Enter');
  await card(page, title).waitFor();
}

it('[DM13] shows in a second tab what the first adds, changes, ticks off and moves', async () => {
  const [first, second] = [await world.tab(), await world.tab()];
  await add(first, 'This shift', 'Check the pump');
  await card(second, 'Check the pump').waitFor();

  await card(second, 'Check the pump').locator('.card-body').click();
  await second.getByLabel('Title', { exact: true }).fill('Check both pumps');
  await second.getByRole('button', { name: 'Save' }).click();
  await card(first, 'Check both pumps').getByRole('checkbox').check();
  await second.locator('.card.is-done').filter({ hasText: 'Check both pumps' }).waitFor();

  await card(first, 'Check both pumps').locator('.card-body').press('Alt+ArrowRight');
  await list(second, 'Waiting for parts').getByText('Check both pumps').waitFor();
  await card(first, 'Check both pumps').dragTo(card(first, 'Order grout, 40 bags'));
  await list(second, 'Done').getByText('Check both pumps').waitFor();
  await outbox(first, 'All sent');
  expect(world.complaints).toEqual([]);
});

it('[DM13] [DM14] keeps what is changed while the line is down, marks and counts it, and sends it afterwards', async () => {
  const [first, second] = [await world.tab(), await world.tab()];
  await line(first, 'Online');
  await first.locator('#line').click();
  await line(second, 'Offline');

  await add(first, 'This shift', 'Written in a tunnel');
  await card(second, 'Written in a tunnel').waitFor();
  await first.locator('.card[data-state=pending]').filter({ hasText: 'Written in a tunnel' }).waitFor();
  await outbox(second, '1 waiting');
  // A move is one write more.
  await card(first, 'Written in a tunnel').dragTo(card(first, 'Order grout, 40 bags'));
  await list(second, 'Done').getByText('Written in a tunnel').waitFor();
  await outbox(second, '2 waiting');
  await first.locator('#outbox-button').click();
  await first.locator('.outbox-item').filter({ hasText: 'New card “Written in a tunnel”' }).waitFor();

  await second.locator('#line').click();
  await line(first, 'Online');
  await outbox(first, 'All sent');
  await first.locator('.card[data-state=clean]').filter({ hasText: 'Written in a tunnel' }).waitFor();
  expect(world.complaints).toEqual([]);
});

it('[DM15] keeps a refused card with the sentence; edited it is taken, discarded it goes', async () => {
  const page = await world.tab();
  await line(page, 'Online');
  for (const title of ['forbidden one', 'forbidden two']) {
    await add(page, 'This shift', title);
    await card(page, title).getByText('A card may not say “forbidden”: choose other words.').waitFor();
  }
  await outbox(page, '2 refused');

  await card(page, 'forbidden one').getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title', { exact: true }).fill('Allowed one');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.locator('.card[data-state=clean]').filter({ hasText: 'Allowed one' }).waitFor();

  await page.locator('#outbox-button').click();
  await page.locator('.outbox-item').getByRole('button', { name: 'Discard' }).click();
  await card(page, 'forbidden two').waitFor({ state: 'detached' });
  await outbox(page, 'All sent');

  const change = async (title: string) => {
    await card(page, title).locator('.card-body').click();
    await page.getByLabel('Title', { exact: true }).fill(`${title}, forbidden`);
    await page.getByRole('button', { name: 'Save' }).click();
  };
  await page.locator('.outbox-close').click();
  await change('Allowed one');
  await card(page, 'Allowed one, forbidden').getByRole('button', { name: 'Discard' }).click();
  await card(page, 'Allowed one').waitFor();
  await change('Allowed one');
  await page.locator('#outbox-button').click();
  await page.locator('.outbox-item input').fill('Allowed again');
  await page.locator('.outbox-item').getByRole('button', { name: 'Retry' }).click();
  await page.locator('.card[data-state=clean]').filter({ hasText: 'Allowed again' }).waitFor();
  await outbox(page, 'All sent');
  expect(world.complaints).toEqual([]);
});

it('[DM16] puts only what is in sight of 10,000 cards on the page', async () => {
  world.seed(10_000);
  const page = await world.tab();
  await page.waitForFunction(() => {
    const counts = [...document.querySelectorAll('.list-count')].map((each) => each.textContent ?? '');
    return counts.reduce((sum, each) => sum + Number(each.replace(',', '')), 0) >= 10_000;
  });
  expect(await page.locator('.card').count()).toBeLessThanOrEqual(4 * 40);

  const rows = list(page, 'Done').locator('.cards');
  const first = await rows.locator('.card').first().getAttribute('data-cid');
  // The end comes nearer as guesses are replaced by what was measured.
  await rows.evaluate(async (el) => {
    for (let before = -1; before !== el.scrollTop; ) {
      before = el.scrollTop;
      el.scrollTop = el.scrollHeight;
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    }
  });
  await rows.locator('.card').last().waitFor();
  expect(await rows.locator('.room').count()).toBe(1);
  expect(await page.locator('.card').count()).toBeLessThanOrEqual(4 * 40);
  await rows.evaluate((el) => el.scrollTo(0, 0));
  await rows.locator(`.card[data-cid="${first}"]`).waitFor();
  expect(world.complaints).toEqual([]);
});

it('[DM17] leaves what somebody types alone, whatever others do with the card, and tells of it', async () => {
  const [first, second] = [await world.tab('Mara Lindt'), await world.tab('Ines Roth')];
  const title = (page: Page) => page.getByLabel('Title', { exact: true });
  await line(first, 'Online');
  await line(second, 'Online');
  await card(first, 'Read the gas meters').locator('.card-body').click();
  await title(first).fill('Read the gas meters at noon');
  await second.locator('.card.is-written').getByText('Mara Lindt is writing…').waitFor();

  await card(second, 'Read the gas meters').locator('.card-body').click();
  await title(second).fill('Read both gas meters');
  await title(second).press('Enter');
  await first
    .locator('.editor-news')
    .getByText('Ines Roth changed the title to “Read both gas meters”')
    .waitFor();
  await card(second, 'Read both gas meters').locator('.card-body').press('Alt+ArrowRight');
  await list(second, 'Waiting for parts').getByText('Read both gas meters').waitFor();
  await list(first, 'Waiting for parts').getByText('Read both gas meters').waitFor();
  expect(await title(first).inputValue()).toBe('Read the gas meters at noon');
  expect(await title(first).evaluate((el) => el === document.activeElement)).toBe(true);

  await card(second, 'Read both gas meters').locator('.card-body').press('Delete');
  await first.locator('.editor-news').getByText('Somebody deleted this card').waitFor();
  await title(first).press('Enter');
  await card(second, 'Read the gas meters at noon').waitFor();
  await card(first, 'Read the gas meters at noon').waitFor();
  expect(await card(first, 'Read the gas meters at noon').count()).toBe(1);
  expect(world.complaints).toEqual([]);
});

it('[DM18] moves cards by keyboard alone, keeps the focus on them, and says where they are', async () => {
  const page = await world.tab();
  const body = card(page, 'Walk the east drift with Ines before the night shift takes over').locator(
    '.card-body',
  );
  await body.focus();
  const place = async (key: string, said: string) => {
    await page.keyboard.press(key);
    await page.locator('#announce').getByText(said).waitFor();
    expect(await body.evaluate((el) => el === document.activeElement)).toBe(true);
  };
  await place('Alt+ArrowUp', 'Moved to This shift, place 2 of 4');
  await place('Alt+ArrowRight', 'Moved to Waiting for parts, place 1 of 3');
  await place('Alt+ArrowDown', 'Moved to Waiting for parts, place 2 of 3');
  await page.keyboard.press('ArrowUp');
  expect(await body.evaluate((el) => el === document.activeElement)).toBe(false);

  await body.press('Delete');
  await body.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await body.waitFor();
  expect(await body.evaluate((el) => el === document.activeElement)).toBe(true);
  expect(world.complaints).toEqual([]);
});

it('[SW3] [SW4] [DM5] opens with its records, and keeps what is written, with the server gone and after a reload, and tries again when it is told to', async () => {
  const page = await world.tab();
  await add(page, 'This shift', 'Read the gas meters twice');
  await outbox(page, 'All sent');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await world.killServer();

  await page.reload();
  await card(page, 'Read the gas meters twice').waitFor();
  await line(page, 'No connection');
  await add(page, 'This shift', 'Written without a server');
  await outbox(page, '1 waiting');
  await page.goto(`${world.origin}/some/address`);
  await page.locator('.card[data-state=pending]').filter({ hasText: 'Written without a server' }).waitFor();

  const again = page.locator('.line-again');
  await again.filter({ hasText: 'Try now' }).press('Enter');
  await world.startServer();
  await line(page, 'Online');
  expect(await again.isVisible()).toBe(false);
  expect(await page.locator('#line').evaluate((el) => el === document.activeElement)).toBe(true);
  await outbox(page, 'All sent');
  expect(world.complaints).toEqual([]);
});

it('[SW5] offers a new version, and reloads into it when the person agrees', async () => {
  const page = await world.tab();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  world.deploy('The next version');
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update();
  });

  const toast = page.locator('.toast').filter({ hasText: 'A new version is ready.' });
  await toast.waitFor();
  expect(await page.title()).toMatch(/^Lantern/);
  await toast.getByRole('button', { name: 'Reload' }).click();
  await page.waitForFunction(() => document.title === 'The next version');
  await page.locator('.card').first().waitFor();
  expect(world.complaints).toEqual([]);
});

it('[SW5] [SH7] reloads a second page into it when its person agrees later', async () => {
  const pages = [await world.tab(), await world.tab('Jonas Weber')] as const;
  const [page, second] = pages;
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  world.deploy('The next version');
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update();
  });
  for (const one of pages) {
    const toast = one.locator('.toast').filter({ hasText: 'A new version is ready.' });
    await toast.getByRole('button', { name: 'Reload' }).click();
    await one.waitForFunction(() => document.title === 'The next version');
  }
  await second.locator('.card').first().waitFor();
  expect(world.complaints).toEqual([]);
});
