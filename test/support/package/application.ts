import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { createServer, type ViteDevServer, build as vite } from 'vite';
import webpack from 'webpack';
import { root } from './unpacked.ts';

/** The application, as it stands behind its imports; a test asks for another host than the best by the page's address. */
const LINES = (options: string, url = '/tasks') => `
const host = location.hash.slice(1) || 'auto';
const medulla = connect(Backbone, { routes: ['${url}'], host${options} }).install();
const Tasks = Backbone.Collection.extend({ url: '${url}', follow: true });
const tasks = new Tasks();
globalThis.app = { medulla, tasks, loaded: tasks.fetch() };
`;

const BY_IMPORT = `import Backbone from 'backbone';
import { connect } from 'backbone-medulla';
import worker from 'backbone-medulla/worker-url';
${LINES(', worker')}`;

const WITH_DIALECT = `import Backbone from 'backbone';
import { connect } from 'backbone-medulla';
import worker from 'backbone-medulla/dialect-worker-url';
${LINES(", worker, dialect: { name: 'rest' }", '/rest/tasks')}`;

const BY_REQUIRE = `const Backbone = require('backbone');
const { connect } = require('backbone-medulla');
${LINES('')}`;

const page = (...head: string[]) => `<!doctype html><title>Ten lines</title>${head.join('\n')}`;
const BACKBONE = '<script src="underscore.js"></script><script src="backbone.js"></script>';
const UMD = '<script src="/medulla/medulla.umd.js"></script>';

interface Application {
  /** Whether its server has Medulla's scripts; else they are in the build. */
  readonly served: boolean;
  /** Makes it in `folder`, from where the package is found; what a server is to show comes to lie in `folder/out`. */
  make(folder: string): unknown;
}

function withWebpack(folder: string): Promise<void> {
  const settings: webpack.Configuration = {
    mode: 'production',
    context: folder,
    entry: './app.js',
    output: { path: join(folder, 'out'), filename: 'app.js' },
    // It would take a minifier through the worker too, which is small already.
    optimization: { minimize: false },
    // Backbone asks for it in a way that webpack does not take for a question.
    resolve: { fallback: { jquery: false } },
  };
  return new Promise((resolve, reject) => {
    webpack(settings, (error, stats) => {
      if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString('errors-only')));
      else resolve();
    });
  });
}

function withVendors(folder: string): void {
  const files = {
    underscore: 'underscore/underscore-umd',
    backbone: 'backbone/backbone',
    require: 'requirejs/require',
  };
  for (const [name, file] of Object.entries(files))
    cpSync(join(root, 'node_modules', `${file}.js`), join(folder, 'out', `${name}.js`));
}

function show(folder: string, ...head: string[]): void {
  writeFileSync(join(folder, 'out/index.html'), page(...head));
}

function withVite(folder: string, lines: string): unknown {
  writeFileSync(join(folder, 'index.html'), page('<script type="module" src="./app.js"></script>'));
  writeFileSync(join(folder, 'app.js'), lines);
  return vite({ root: folder, configFile: false, logLevel: 'error', build: { outDir: 'out' } });
}

export const applications = {
  vite: { served: false, make: (folder) => withVite(folder, BY_IMPORT) },
  'vite, with a dialect': { served: false, make: (folder) => withVite(folder, WITH_DIALECT) },
  webpack: {
    served: false,
    make(folder) {
      writeFileSync(join(folder, 'app.js'), BY_IMPORT);
      show(folder, '<script defer src="app.js"></script>');
      return withWebpack(folder);
    },
  },
  'webpack, by require': {
    served: true,
    make(folder) {
      writeFileSync(join(folder, 'app.js'), BY_REQUIRE);
      show(folder, '<script defer src="app.js"></script>');
      return withWebpack(folder);
    },
  },
  esbuild: {
    served: false,
    make(folder) {
      writeFileSync(join(folder, 'app.js'), BY_IMPORT);
      show(folder, '<script type="module" src="app.js"></script>');
      return esbuild({
        absWorkingDir: folder,
        // It leaves a worker's url as it stands: the script is to lie beside the application's.
        entryPoints: { app: './app.js', 'shared-worker': 'backbone-medulla/shared-worker' },
        bundle: true,
        splitting: true,
        format: 'esm',
        outdir: 'out',
        logLevel: 'error',
      });
    },
  },
  'script tags': {
    served: true,
    make(folder) {
      withVendors(folder);
      show(folder, BACKBONE, UMD, `<script>const { connect } = Medulla;${LINES('')}</script>`);
    },
  },
  RequireJS: {
    served: true,
    make(folder) {
      withVendors(folder);
      const settings = {
        paths: { medulla: '/medulla/medulla.umd' },
        map: { backbone: { jquery: 'no-jquery' } },
      };
      const start = `requirejs.config(${JSON.stringify(settings)});
define('no-jquery', {});
require(['backbone', 'medulla'], function (Backbone, { connect }) {${LINES('')}});`;
      show(folder, '<script src="require.js"></script>', `<script>${start}</script>`);
    },
  },
} satisfies Readonly<Record<string, Application>>;

/** Makes the application in a new folder below `place`; gives the folder that a server is to show. */
export async function made({ make }: Application, place: string): Promise<string> {
  const folder = mkdtempSync(join(place, 'application-'));
  mkdirSync(join(folder, 'out'));
  await make(folder);
  return join(folder, 'out');
}

/** Vite's own server for the application in `folder`, as the manual sets it up; what is Medulla's it hands on to `server`. */
export async function developing(folder: string, server: string): Promise<ViteDevServer> {
  writeFileSync(join(folder, 'index.html'), page('<script type="module" src="./app.js"></script>'));
  writeFileSync(join(folder, 'app.js'), BY_IMPORT);
  const proxy = { '/socket.io': { target: server, ws: true }, '/medulla': server };
  const vite = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, proxy },
  });
  return vite.listen();
}
