import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { EngineWorld } from '../support/browser/engine-world.ts';
import { expectWhole } from '../support/browser/expect-whole.ts';
import { seen } from '../support/browser/seen.ts';
import { queueTen } from '../support/browser/ten-writes.ts';
import type { EngineTab } from '../support/engines/engine.ts';
import { RawChromium } from '../support/engines/raw-chromium.ts';
import { until } from '../support/until.ts';
import { leads } from './leader/leading.ts';

let engine: RawChromium;
let world: EngineWorld;
beforeAll(async () => {
  engine = await RawChromium.start();
});
afterAll(() => engine.close());
beforeEach(async () => {
  world = await EngineWorld.in(engine);
});
afterEach(() => world.close());

/** The browser says itself that it had taken the page away. */
const wasDiscarded = (tab: EngineTab) =>
  tab.evaluate(() => (document as Document & { wasDiscarded?: boolean }).wasDiscarded);

it.each([
  ['shared', 2],
  ['leader', 2],
  ['service', 2],
  ['page', 1],
] as const)(
  '[LC5] on the host %s, a tab that the browser discards comes back whole, with what it had queued',
  async (host, count) => {
    // Each with another address: the browser's list of tabs has nothing else to tell them apart by.
    const others = await Promise.all(Array.from({ length: count - 1 }, () => world.tab({ host })));
    const tab = await world.tab({ host, discarded: true });
    if (host === 'leader') await until('it leads', () => leads(tab));
    expect(await wasDiscarded(tab)).toBe(false);
    await queueTen(world, tab, 'own');
    const look = await world.engine.discard?.(tab);
    for (const other of others) await other.evaluate(() => t.create({ id: 'other', title: 'meanwhile' }));
    const again = await look?.();
    if (!again) throw new Error('This engine discards no tab');
    await seen(again, () => 't' in globalThis && t.cards.length > 9 && t.status().connection !== 'open');
    expect(await wasDiscarded(again)).toBe(true);
    expect(await again.evaluate(() => [t.status().host, t.status().durable])).toEqual([host, true]);
    await seen(again, (pending) => t.status().pending === pending, 9 + count);
    await world.server.start(world.file());
    await again.evaluate(() => {
      t.medulla.reconnect();
      t.create({ id: 'again', title: 'live' });
    });
    await expectWhole(world, [again, ...others], 10 + count);
  },
);
