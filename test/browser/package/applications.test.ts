import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Backbone from 'backbone';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Medulla } from '../../../src/index.ts';
import { ChromiumEngine } from '../../support/engines/chromium-engine.ts';
import { applications, made } from '../../support/package/application.ts';
import { openSite } from '../../support/package/site.ts';
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

it.each(['vite', 'webpack', 'webpack, by require', 'esbuild'] as const)(
  '[PK4] ten lines built by %s start the worker, and a save arrives',
  works,
);

it('[AL-01] [WS-04] [PK4] ten lines behind script tags do: no build, and the Backbone of the page', () =>
  works('script tags'));

it('[WS-04] [PK4] ten lines with RequireJS do', () => works('RequireJS'));

async function works(kind: keyof typeof applications): Promise<void> {
  const out = await made(applications[kind], place.folder);
  const site = await openSite(out, applications[kind].served);
  try {
    const page = await engine.open(site.origin);
    await page.waitForFunction(() => typeof app === 'object');
    const host = await page.evaluate(async () => {
      await app.loaded;
      const { tasks, medulla } = app;
      await new Promise((success) => tasks.create({ title: 'Ten lines' }, { wait: true, success }));
      return medulla.status.get('host');
    });
    expect([host, site.titles]).toEqual(['shared', ['Ten lines']]);
    expect(copiesOfBackbone(out)).toBe(1);
    await page.close();
  } finally {
    await site.close();
  }
}

/** How many there are in the scripts of a folder. */
function copiesOfBackbone(folder: string): number {
  const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  const text = scripts.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return text.match(/\.VERSION\s*=\s*["'`]1\.6\.1/g)?.length ?? 0;
}
