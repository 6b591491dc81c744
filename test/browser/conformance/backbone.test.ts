import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BACKBONES, JQUERIES, LIBRARIES } from '../../conformance/backbone/versions.ts';
import { bundle } from '../../support/browser/bundle.ts';
import { Chromium, type Tab } from '../../support/engines/chromium.ts';
import { findChromium } from '../../tools/find-chromium.ts';

const modules = join(import.meta.dirname, '../../../node_modules');
const text = (path: string) => readFileSync(join(modules, path), 'utf8');
const combinations = Object.entries(LIBRARIES).flatMap(([library, its]) =>
  Object.entries(JQUERIES).map(([jquery, script]) => [library, jquery, its, script] as const),
);

let browser: Chromium;
let page: Tab;
beforeAll(async () => {
  browser = await Chromium.launch(await findChromium());
  page = await browser.open('about:blank');
  const script = await bundle(join(import.meta.dirname, '../../conformance/backbone/page.ts'));
  await page.evaluate(`${script};0`);
});
afterAll(() => browser.close());

const inPage = <T>(name: 'broken' | 'childViews', ...args: unknown[]) =>
  page.evaluate<T>(`conformance.${name}(...${JSON.stringify(args)})`);

describe.each(Object.entries(BACKBONES))('Backbone %s', (_version, backbone) => {
  it.each(combinations)('[BK-10] [BB5] over %s, with %s', async (_library, _jquery, library, jquery) => {
    expect(await inPage('broken', backbone, library, jquery)).toEqual([]);
  });
});

it('[AL-20] a CollectionView of Marionette keeps its child views through what others do', async () => {
  const outcome = await inPage('childViews', {
    backbone: BACKBONES['1.6.1'],
    underscore: LIBRARIES.Underscore,
    jquery: JQUERIES['jQuery 3'],
    radio: text('backbone.radio/build/backbone.radio.js'),
    marionette: text('backbone.marionette/lib/backbone.marionette.js'),
  });
  expect(outcome).toEqual({
    seen: [
      [['one', 'two'], 0],
      [['one', 'two', 'three'], 0],
      [['one', 'zwei', 'three'], 0],
      [['zwei', 'three', 'one'], 2],
      [['zwei', 'one'], 1],
    ],
    kept: true,
    before: { rendered: 4, destroyed: 1 },
    late: 2,
  });
});
