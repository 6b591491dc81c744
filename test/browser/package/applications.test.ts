import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Backbone from 'backbone';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Medulla } from '../../../src/index.ts';
import { ChromiumEngine } from '../../support/engines/chromium-engine.ts';
import { applications, developing, made } from '../../support/package/application.ts';
import { openSite, type Site } from '../../support/package/site.ts';
import { unpacked } from '../../support/package/unpacked.ts';

declare global {
  /** What the application of ten lines shows. */
  var app: {
    readonly medulla: Medulla<typeof Backbone>;
    readonly tasks: Backbone.Collection;
    readonly loaded: PromiseLike<unknown>;
  };
}

let engine: ChromiumEngine;
let place: ReturnType<typeof unpacked>;
beforeAll(async () => {
  place = unpacked('backbone', 'underscore');
  engine = await ChromiumEngine.start();
});
afterAll(async () => {
  await engine.close();
  place.remove();
});

it.each(['vite', 'vite, with a dialect', 'webpack', 'webpack, by require', 'esbuild'] as const)(
  '[PK4] ten lines built by %s start the worker, and a save arrives',
  works,
);

it('[AL-01] [WS-04] [PK4] ten lines behind script tags do: no build, and the Backbone of the page', () =>
  works('script tags'));

it('[WS-04] [PK4] ten lines with RequireJS do', () => works('RequireJS'));

it('[PK4] ten lines with the server of Vite do, as one develops', async () => {
  const site = await openSite(place.folder, true);
  const vite = await developing(place.folder, site.origin);
  try {
    await saves(vite.resolvedUrls?.local[0] ?? '', site);
  } finally {
    await vite.close();
    await site.close();
  }
});

async function works(kind: keyof typeof applications): Promise<void> {
  const out = await made(applications[kind], place.folder);
  expect(copiesOfBackbone(out)).toBe(1);
  // The leader's scripts are loaded later, from wherever the build has put them.
  for (const host of ['shared', 'leader']) {
    const site = await openSite(out, applications[kind].served);
    try {
      await saves(site.origin, site, host);
    } finally {
      await site.close();
    }
  }
}

/** What the page of this address saves arrives, by way of a hub there. */
async function saves(url: string, site: Site, host = 'shared'): Promise<void> {
  const page = await engine.open(`${url}#${host}`);
  await page.waitForFunction(() => typeof app === 'object');
  const where = await page.evaluate(async () => {
    await app.loaded;
    const { tasks, medulla } = app;
    await new Promise((success) => tasks.create({ title: 'Ten lines' }, { wait: true, success }));
    return medulla.status.get('host');
  });
  expect([where, site.titles]).toEqual([host, ['Ten lines']]);
  await page.close();
}

/** How many there are in the scripts of a folder. */
function copiesOfBackbone(folder: string): number {
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  const text = scripts.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return text.match(/\.VERSION\s*=\s*["'`]1\.6\.1/g)?.length ?? 0;
}
