import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import type { EnvironmentOptions, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { CellsReporter } from './test/tools/cells-reporter.ts';
import { leanSocketIoClient } from './test/tools/lean-socket-io-client.ts';

/**
 * One script of the package, self-contained. What the page loads later is a script of its own too: with chunks, it
 * would have to carry at once whatever both need, and the names under which it shares that.
 */
function script(name: string, entry: string, format: 'es' | 'cjs' | 'umd' = 'es'): EnvironmentOptions {
  const server = /^(cjs\/)?(server|init)$/.test(name);
  const worker = name.endsWith('-worker');
  /** What somebody may have to read in a stack trace. */
  const plain = server || /(testing|models)$/.test(name);
  return {
    consumer: server ? 'server' : 'client',
    define: server
      ? {}
      : {
          'process.env.NODE_ENV': '"production"',
          ...(worker && { document: 'undefined', attachEvent: 'undefined' }),
        },
    build: {
      target: server ? 'node24' : 'es2023',
      lib: { entry: { [name]: entry }, formats: [format], name: 'Medulla' },
      sourcemap: true,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: {
        external: server ? [/^node:/, 'socket.io', 'prom-client', 'rate-limiter-flexible'] : [],
        platform: server ? 'node' : 'browser',
        output: {
          entryFileNames: '[name].js',
          codeSplitting: false,
          // No property here does anything when it is read.
          minify: !plain && {
            mangle: true,
            codegen: true,
            compress: { target: 'es2023', treeshake: { propertyReadSideEffects: false } },
          },
          // Notes to a bundler on what is pure: it takes these scripts whole.
          comments: { annotation: plain },
          ...(name === 'init' && { banner: '#!/usr/bin/env node' }),
        },
      },
    },
  };
}

/** What an application's own code imports, and what it gets by `require`. */
const both = (environment: string, name: string) => ({
  [environment]: script(name, `src/${name}.ts`),
  [`${environment}ForRequire`]: script(`cjs/${name}`, `src/${name}.ts`, 'cjs'),
});

const scripts = {
  ...both('page', 'index'),
  ...both('server', 'server'),
  ...both('surfaces', 'surfaces'),
  ...both('models', 'models'),
  ...both('testing', 'testing'),
  ...both('backboneTypes', 'backbone-types'),
  pageForTags: script('medulla.umd', 'src/umd.ts', 'umd'),
  hub: script('page-hub', 'src/page-hub.ts'),
  dialects: script('dialects', 'src/dialects.ts'),
  worker: script('shared-worker', 'sw/shared-worker.ts'),
  /** For bundlers, which give each script another name and place. */
  workerWithDialects: script('dialect-worker', 'sw/shared-worker.ts'),
  service: script('service-worker', 'sw/service-worker.ts'),
  retire: script('no-service-worker', 'sw/no-service-worker.ts'),
  init: script('init', 'src/init.ts'),
};

/** The scripts that others load later, where they are wanted: of a door of that name in src. */
const LATER = /^(?:\.|\.\.\/src)\/(page-hub|dialects)\.ts$/;

/** A service worker cannot load later; and one script is to be all that there is. */
const AT_ONCE = ['service', 'workerWithDialects'];

/** Leaves those where they are: they are loaded by their names. */
const apart: Plugin = {
  name: 'apart',
  apply: 'build',
  enforce: 'pre',
  resolveId(id) {
    const [, name] = AT_ONCE.includes(this.environment.name) ? [] : (LATER.exec(id) ?? []);
    const from = this.environment.name.endsWith('ForRequire') ? '..' : '.';
    return name ? { id: `${from}/${name}.js`, external: true } : null;
  },
};

/** Tests import the package as its users do, from the sources: nothing has to be built before them. */
const alias = {
  'backbone-medulla/testing': `${import.meta.dirname}/src/testing.ts`,
  'backbone-medulla/surfaces': `${import.meta.dirname}/src/surfaces.ts`,
  'backbone-medulla/models': `${import.meta.dirname}/src/models.ts`,
  'backbone-medulla/server': `${import.meta.dirname}/src/server.ts`,
  'backbone-medulla': `${import.meta.dirname}/src/index.ts`,
};

export default defineConfig({
  appType: 'custom',
  logLevel: 'warn',
  environments: scripts,
  plugins: [leanSocketIoClient, apart],
  builder: {
    async buildApp(builder) {
      rmSync(`${import.meta.dirname}/dist`, { recursive: true, force: true });
      for (const name of Object.keys(scripts)) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
      // As it stands: a build would rewrite the very expression that the user's own bundler looks for.
      for (const name of ['worker-url', 'dialect-worker-url'])
        copyFileSync(`${import.meta.dirname}/src/${name}.ts`, `${import.meta.dirname}/dist/${name}.js`);
      // In a package of ES modules this folder, with the types that belong to it, is the exception.
      writeFileSync(`${import.meta.dirname}/dist/cjs/package.json`, '{ "type": "commonjs" }\n');
    },
  },
  test: {
    // `npm test` counts what is in the file that it names.
    reporters: ['default', new CellsReporter(), ...(process.env.MEDULLA_REPORT ? (['json'] as const) : [])],
    outputFile: { json: process.env.MEDULLA_REPORT ?? '' },
    // Vitest would leave a core to itself.
    maxWorkers: '100%',
    projects: [
      { test: { name: 'architecture', include: ['test/*.test.ts'], exclude: ['test/package.test.ts'] } },
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['test/*/**/*.test.ts'],
          exclude: ['browser', 'chaos', 'sim', 'nodes', 'bench', 'package'].map(
            (folder) => `test/${folder}/**`,
          ),
          testTimeout: 20_000,
        },
      },
      { test: { name: 'nodes', include: ['test/nodes/**/*.test.ts'], testTimeout: 180_000 } },
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: 600_000 } },
      {
        test: {
          name: 'package',
          include: ['test/package.test.ts', 'test/package/**/*.test.ts'],
          globalSetup: 'test/tools/build-first.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/tools/build-first.ts', 'test/support/builds/builds-folder.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'chaos',
          include: ['test/chaos/**/*.test.ts'],
          globalSetup: 'test/tools/build-first.ts',
          testTimeout: 300_000,
        },
      },
    ],
  },
});
