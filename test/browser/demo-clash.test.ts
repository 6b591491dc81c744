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

const card = (page: Page, title: string) =>
  page.locator('.card').filter({ has: page.getByText(title, { exact: true }) });
const line = (page: Page, words: string) => page.locator('#line').filter({ hasText: words }).waitFor();

async function retitle(page: Page, from: string, to: string): Promise<void> {
  await card(page, from).locator('.card-body').click();
  await page.getByLabel('Title', { exact: true }).fill(to);
  await page.getByLabel('Title', { exact: true }).press('Enter');
  await card(page, to).waitFor();
}

/** Two people; one is offline, and both have given the same card another title. */
async function apart(): Promise<{ mine: Page; theirs: Page }> {
  const mine = await world.tab('Mara Lindt');
  const theirs = await world.tab('Ines Roth', '/', await world.another());
  await line(mine, 'Online');
  await line(theirs, 'Online');
  await mine.locator('#line').click();
  await line(mine, 'Offline');
  await retitle(mine, 'Read the gas meters', 'Read the gas meters at noon');
  await retitle(theirs, 'Read the gas meters', 'Read both gas meters');
  return { mine, theirs };
}

it('[DM19] shows who came second what the other has made of a card, to keep one or take the other', async () => {
  const { mine, theirs } = await apart();
  await retitle(mine, 'Cutter discs, 12 pieces', 'Cutter discs, 6 pieces');
  await retitle(theirs, 'Cutter discs, 12 pieces', 'Cutter discs, 24 pieces');
  await card(mine, 'Order grout, 40 bags').getByRole('checkbox').uncheck();
  await card(theirs, 'Order grout, 40 bags').locator('.card-body').press('Delete');
  await mine.locator('#line').click();

  const clash = (title: string, words: string, page = mine) =>
    card(page, title).locator('.clash').filter({ hasText: words });
  const other = await world.tab('Mara Lindt');
  const words = 'You changed the title to “Read the gas meters at noon”.';
  await clash('Read both gas meters', words, other).waitFor();
  await other.close();
  await clash('Read the gas meters at noon', 'Ines Roth changed the title to “Read both gas meters”.')
    .getByText('Keep mine')
    .click();
  await card(theirs, 'Read the gas meters at noon').waitFor();
  await clash('Cutter discs, 6 pieces', 'Ines Roth changed the title').getByText('Take theirs').click();
  await card(mine, 'Cutter discs, 24 pieces').waitFor();
  await clash('Order grout, 40 bags', 'Somebody deleted this card.').getByText('Keep it').click();
  await card(theirs, 'Order grout, 40 bags').waitFor();
  await mine.locator('#outbox-button').filter({ hasText: 'All sent' }).waitFor();
  expect(await mine.locator('.clash').count()).toBe(0);
  expect(world.complaints).toEqual([]);
});

it('[DM19] offers the same choice in the outbox, after a reload too, and lets go of what is gone', async () => {
  const { mine, theirs } = await apart();
  await card(mine, 'Order grout, 40 bags').getByRole('checkbox').uncheck();
  await card(theirs, 'Order grout, 40 bags').locator('.card-body').press('Delete');
  await mine.locator('#line').click();
  await mine.locator('#outbox-button').filter({ hasText: '2 refused' }).waitFor();
  await mine.reload();
  await mine.locator('#outbox-button').click();

  const item = (words: string) => mine.locator('.outbox-item').filter({ hasText: words });
  const gone = item('Took up again a card that is gone').filter({ hasText: 'has deleted it meanwhile' });
  expect(await gone.getByRole('button').allTextContents()).toEqual(['Let it go']);
  await gone.getByRole('button').click();
  await item('Somebody else has changed it meanwhile.').getByText('Keep mine').click();
  await card(theirs, 'Read the gas meters at noon').waitFor();
  await mine.locator('#outbox-button').filter({ hasText: 'All sent' }).waitFor();
  expect(world.complaints).toEqual([]);
});

it('[DM19] leaves the title of a list alone that somebody is typing', async () => {
  const [first, second] = [await world.tab('Mara Lindt'), await world.tab('Ines Roth')];
  const typed = async (page: Page, from: string, to: string) => {
    await page.getByRole('button', { name: from, exact: true }).click();
    await page.getByLabel('Title of the list').locator('visible=true').fill(to);
  };
  await typed(first, 'Done', 'Done for today');
  await typed(second, 'Done', 'Finished');
  await second.keyboard.press('Enter');
  await first.getByText('Now “Finished”. Enter keeps yours.').waitFor();
  const input = first.getByLabel('Title of the list').locator('visible=true');
  expect(await input.inputValue()).toBe('Done for today');
  await input.press('Enter');
  await second.getByRole('button', { name: 'Done for today', exact: true }).waitFor();
  expect(world.complaints).toEqual([]);
});
