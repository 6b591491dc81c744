import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import Backbone from 'backbone';
import { expect, it } from 'vitest';
import { root } from '../support/package/unpacked.ts';

/** What an application's file of models holds, for whoever has `Medulla` and `Backbone`. */
const models = `
  const { Model, Collection } = Medulla.sharedModels(Backbone);
  const Tasks = Collection.extend({ url: '/tasks' });
  const App = Model.extend({ initialize() { this.tasks = new Tasks(); } });
  new App({ name: 'Board' })`;

const text = (file: string) => readFileSync(join(root, file), 'utf8');

it('[HJ-01] the same file of models is the server’s, which imports the package, and that of a page with script tags', async () => {
  const server = await import(join(root, 'dist/models.js'));
  const app = new Function('Medulla', 'Backbone', models.replace('new App', 'return new App'))(
    server,
    Backbone,
  );
  app.tasks.add([{ id: 1, title: 'One' }]);
  const state = JSON.stringify(server.exportState(app));

  const page = createContext({});
  runInContext('self = globalThis', page);
  for (const file of [
    'node_modules/underscore/underscore-umd.js',
    'node_modules/backbone/backbone.js',
    'dist/medulla.umd.js',
  ])
    runInContext(text(file), page);
  const made = runInContext(
    `app = (() => { ${models.replace('new App', 'return new App')} })();
    Medulla.importState(app, ${state});
    JSON.stringify([app, app.tasks, app.tasks.at(0) instanceof Backbone.Model])`,
    page,
  );
  expect(JSON.parse(made)).toEqual([{ name: 'Board' }, [{ id: 1, title: 'One' }], true]);
});

it('[MO3] the script of the models imports nothing, and needs neither Node nor a page', () => {
  expect(text('dist/models.js')).not.toMatch(
    /^import\b|(?<!#)\bimport\(|\brequire\(|["']node:|\b(process|document|window)\./m,
  );
});
