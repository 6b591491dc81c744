import { copyFileSync, rmSync } from 'node:fs';
import type { EnvironmentOptions, Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** One script of the package. Only the page's has chunks: a worker's script has to be one self-contained file. */
function script(name: string, entry: string, codeSplitting: boolean): EnvironmentOptions {
  const server = name === 'server' || name === 'init';
  return {
    consumer: server ? 'server' : 'client',
    define: server ? {} : { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: server ? 'node24' : 'es2023',
      lib: { entry: { [name]: entry }, formats: ['es'] },
      sourcemap: true,
      emptyOutDir: false,
      copyPublicDir: false,
      rolldownOptions: {
        external: server ? [/^node:/, 'socket.io'] : [],
        platform: server ? 'node' : 'browser',
        // What the page shares with what it loads later stays in its own script, which compresses it better.
        preserveEntrySignatures: 'allow-extension',
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
          codeSplitting,
          minify: !server,
          ...(name === 'init' && { banner: '#!/usr/bin/env node' }),
        },
      },
    },
  };
}

const scripts = {
  page: script('index', 'src/index.ts', true),
  worker: script('shared-worker', 'sw/shared-worker.ts', false),
  service: script('service-worker', 'sw/service-worker.ts', false),
  server: script('server', 'src/server.ts', false),
  init: script('init', 'src/init.ts', false),
};

const modules = `${import.meta.dirname}/node_modules`;
const NO_WEBTRANSPORT =
  'export class WT { constructor() { throw new Error("WebTransport is not built in"); } }';

/** Leaves out of socket.io-client what the hub never uses: 1.2 kB of the worker's 26. */
const lean: Plugin = {
  name: 'lean-socket-io-client',
  apply: 'build',
  enforce: 'pre',
  resolveId: (id) => (id === 'socket.io-client' ? `${modules}/socket.io-client/build/esm/manager.js` : null),
  load: (id) =>
    id.endsWith('/engine.io-client/build/esm/transports/webtransport.js') ? NO_WEBTRANSPORT : null,
};

/** Tests import the package as its users do, from the sources: nothing has to be built before them. */
const alias = {
  'backbone-medulla/server': `${import.meta.dirname}/src/server.ts`,
  'backbone-medulla': `${import.meta.dirname}/src/index.ts`,
};

export default defineConfig({
  appType: 'custom',
  logLevel: 'warn',
  environments: scripts,
  plugins: [lean],
  builder: {
    async buildApp(builder) {
      rmSync(`${import.meta.dirname}/dist`, { recursive: true, force: true });
      for (const name of Object.keys(scripts)) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
      // As it stands: a build would rewrite the very expression that the user's own bundler looks for.
      copyFileSync(`${import.meta.dirname}/src/worker-url.ts`, `${import.meta.dirname}/dist/worker-url.js`);
    },
  },
  test: {
    projects: [
      { test: { name: 'architecture', include: ['test/*.test.ts'], exclude: ['test/package.test.ts'] } },
      {
        resolve: { alias },
        test: {
          name: 'unit',
          include: ['test/*/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/sim/**', 'test/bench/**'],
        },
      },
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], testTimeout: 600_000 } },
      {
        test: {
          name: 'package',
          include: ['test/package.test.ts'],
          globalSetup: 'test/tools/build-first.ts',
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: 'test/tools/build-first.ts',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
