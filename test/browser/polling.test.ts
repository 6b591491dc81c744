import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { savedCards } from '../support/browser/server-database.ts';
import { until } from '../support/browser/until.ts';
import { converged, seen, World } from '../support/browser/world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open({ script: join(import.meta.dirname, '../support/browser/polling-server.ts') });
});
afterEach(async () => {
  await world.close();
});

it('[BX13] reaches a server that no WebSocket reaches, and comes back to it when it was gone', async () => {
  const tabs = await world.tabs(2);
  const [first, second] = tabs;
  const text = 'über — 日本語 😀 '.repeat(2_000);
  await first.evaluate((title) => t.create({ id: 'a', title }), text);
  await until('the server has it', () => savedCards(world.file()).includes('日本語'));
  await seen(second, () => t.pending() === 0);
  await world.server.kill();
  await second.evaluate(() => t.create({ id: 'b', title: 'while it was gone' }));
  await world.server.start(world.file());
  await until('the server has it', () => savedCards(world.file()).includes('while it was gone'));
  await seen(first, () => t.pending() === 0);
  expect(await converged(tabs)).toContain(text);
});
