import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type Backbone from 'backbone';
import { afterEach, expect, it } from 'vitest';
import { ChromiumEngine } from '../../support/engines/chromium-engine.ts';
import { root } from '../../support/package/unpacked.ts';

declare global {
  /** What the page showed before anything could have answered it. */
  var first: string[];
  var rendered: { tasks: Backbone.Collection; host(): unknown; synced(): boolean };
}

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** The page's own script, as the manual has it, behind script tags. */
const SCRIPT = `
  const state = JSON.parse(document.getElementById('medulla-state').textContent);
  const App = Backbone.Model.extend({ initialize() { this.tasks = new (Backbone.Collection.extend({ url: '/tasks' }))(); } });
  const app = Medulla.importState(new App(), state.app);
  const medulla = Medulla.connect(Backbone, { hydrate: Medulla.hydration(state.medulla) }).install();
  medulla.follow(app.tasks);
  first = app.tasks.pluck('title');
  rendered = {
    tasks: app.tasks,
    host: () => medulla.status.get('host'),
    synced: () => medulla.stateOf(app.tasks).synced,
  };`;

it('[HJ-06] a page that the server rendered fetches nothing of it again, from its script tags to the shared worker', async () => {
  const { createServer, memoryStore }: typeof import('../../../src/server.ts') = await import(
    join(root, 'dist/server.js')
  );
  const { exportState, stateScript }: typeof import('../../../src/models.ts') = await import(
    join(root, 'dist/models.js')
  );
  const backbone: { default: typeof Backbone } = await import('backbone');
  const tasks = new backbone.default.Collection();
  Object.assign(tasks, { url: '/tasks' });
  tasks.add([
    { id: 1, title: 'One' },
    { id: 2, title: '</script>' },
  ]);
  const app = Object.assign(new backbone.default.Model(), { tasks });

  const store = memoryStore();
  const { page: readPage } = store;
  let pages = 0;
  store.page = (...args) => {
    pages++;
    return readPage.apply(store, args);
  };
  const http = createHttpServer(async ({ url }, response) => {
    const file = /^\/(underscore\/underscore-umd|backbone\/backbone)\.js$/.exec(url ?? '');
    if (file) {
      response.end(readFileSync(join(root, 'node_modules', url ?? '')));
      return;
    }
    if (url !== '/') {
      response.writeHead(404).end();
      return;
    }
    const state = { app: exportState(app), medulla: await medulla.snapshot(['/tasks']) };
    pages = 0;
    const sources = ['/underscore/underscore-umd.js', '/backbone/backbone.js', '/medulla/medulla.umd.js'];
    response.setHeader('content-type', 'text/html');
    const tags = sources.map((source) => `<script src="${source}"></script>`).join('');
    response.end(`<!doctype html>${stateScript(state)}${tags}<script>${SCRIPT}</script>`);
  });
  const medulla = createServer(http, { store });
  const serving = medulla.serve(tasks, { public: true });
  await serving.ready;
  await once(http.listen(0, '127.0.0.1'), 'listening');
  ends.push(
    () => http.close(),
    () => medulla.close(),
  );
  const engine = await ChromiumEngine.start();
  ends.push(() => engine.close());

  const page = await engine.open(`http://127.0.0.1:${(http.address() as AddressInfo).port}/`);
  expect(await page.evaluate(() => globalThis.first)).toEqual(['One', '</script>']);
  await page.waitForFunction(() => globalThis.rendered.synced());
  expect([await page.evaluate(() => globalThis.rendered.host()), pages]).toEqual(['shared', 0]);
  tasks.get(1).set({ title: 'Uno' });
  await page.waitForFunction(() => globalThis.rendered.tasks.get(1).get('title') === 'Uno');
  await page.evaluate(() => globalThis.rendered.tasks.get(2).save({ title: 'Zwei' }));
  await serving.settled();
  expect([tasks.get(2).get('title'), pages]).toEqual(['Zwei', 0]);
});
