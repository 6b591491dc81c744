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
  await list(page, 'Done').getByText('Show 40 more of').waitFor();
  const counts = await page.locator('.list-count').allTextContents();
  expect(counts.reduce((sum, count) => sum + Number(count.replace(',', '')), 0)).toBeGreaterThanOrEqual(
    10_000,
  );
  expect(await page.locator('.card').count()).toBeLessThanOrEqual(4 * 40);
});

it('[SW3] [SW4] opens with its records, and keeps what is written, with the server gone and after a reload', async () => {
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

  await world.startServer();
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
