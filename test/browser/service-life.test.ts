import { afterEach, beforeEach, expect, it } from 'vitest';
import { converged } from '../support/browser/converged.ts';
import { EngineWorld } from '../support/browser/engine-world.ts';
import { expectOnce } from '../support/browser/expect-once.ts';
import { seen } from '../support/browser/seen.ts';
import { savedCards } from '../support/browser/server-database.ts';
import { owner } from '../support/browser/wedge.ts';
import { RawChromium } from '../support/engines/raw-chromium.ts';
import { until } from '../support/until.ts';

const SERVICE = { host: 'service' };
/** Milliseconds after which Chromium stops a service worker that has nothing to do. */
const IDLE = 30_000;

/** Nobody is attached to a worker here: a test tool that is keeps it alive. */
let engine: RawChromium;
const worlds: EngineWorld[] = [];
beforeEach(async () => {
  engine = await RawChromium.start();
  worlds.push(await EngineWorld.in(engine), await EngineWorld.in(engine));
});
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
  await engine.close();
});

it('[SE7] lives on beyond 30 seconds while a tab is silent; one whose tabs have gone the browser stops by then, and it starts again', async () => {
  const [silent, left] = worlds as [EngineWorld, EngineWorld];
  const tab = await silent.tab(SERVICE);
  await tab.evaluate(() => t.create({ id: 'first', title: 'before' }));
  await expectOnce(silent.file(), [tab], 1);
  const boot = await owner(tab);

  const last = await left.tab(SERVICE);
  await last.evaluate(() => t.create({ id: 'first', title: 'before' }));
  await expectOnce(left.file(), [last], 1);
  const before = await owner(last);
  const began = performance.now();
  await last.close();
  // Nothing but the end of the worker takes its socket away.
  await until('the browser has stopped the worker that nobody needs', () => left.proxy.connections === 0);
  expect(performance.now() - began).toBeGreaterThan(IDLE - 2_000);

  await until(
    'the other has been left alone for longer than that',
    () => performance.now() - began > IDLE + 3_000,
  );
  expect(silent.proxy.accepted).toBe(1);
  await silent.server.publish({ count: 1, records: 1, size: 10 });
  await seen(tab, () => t.attr('0', 'n') === 0);
  await tab.evaluate(() => t.create({ id: 'second', title: 'after' }));
  await seen(tab, () => t.pending() === 0 && t.status().pending === 0);
  expect(await converged([tab])).toBe(savedCards(silent.file()));
  expect([await owner(tab), silent.proxy.accepted]).toEqual([boot, 1]);

  const again = await left.tab(SERVICE);
  await again.evaluate(() => t.create({ id: 'second', title: 'after' }));
  await expectOnce(left.file(), [again], 2);
  expect(await owner(again)).not.toBe(before);
  expect([...silent.complaints, ...left.complaints]).toEqual([]);
});
