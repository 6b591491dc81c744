import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { bundle } from './bundle.ts';

const here = import.meta.dirname;
const root = join(here, '../../..');

const read = (file: string) => readFile(file, 'utf8');

/** A worker of which the browser's database wants nothing to do. */
const NO_DATABASE = `Object.defineProperty(self, 'indexedDB', { value: {
  open() { throw new DOMException('The user denied permission to access the database', 'SecurityError'); },
} });`;

/** Comes first in every page, and tells this server what the page throws that nobody catches: the same way in every engine. */
const COMPLAINTS = `
const complain = (what) => navigator.sendBeacon('/complain?what=' + encodeURIComponent(what));
addEventListener('error', ({ message }) => complain(message));
addEventListener('unhandledrejection', ({ reason }) => complain(String(reason)));`;

/** Makes it at the first call, and gives it from then on. */
export function kept(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** What each path shows, of a url. */
export type Paths = Readonly<Record<string, (url: URL) => string | Promise<string>>>;

const PATHS: Paths = {
  '/': () => read(join(here, 'page.html')),
  '/complaints.js': () => COMPLAINTS,
  '/test-page.js': kept(() => bundle(join(here, 'test-page.ts'))),
  '/vendor/underscore.js': () => read(join(root, 'node_modules/underscore/underscore-umd.js')),
  '/vendor/backbone.js': () => read(join(root, 'node_modules/backbone/backbone.js')),
  '/vendor/backbone-module.js': () => 'export default globalThis.Backbone;',
  '/storage': () =>
    '<!doctype html><title>Storage contract</title><script type="module" src="/storage.js"></script>',
  '/storage.js': kept(() => bundle(join(here, 'storage-page.ts'))),
  '/no-database.js': () => NO_DATABASE,
  '/worker-without-database.js': () => "import '/no-database.js'; import '/medulla/shared-worker.js';",
};

/** Which build of the package is served. */
export interface Deployed {
  /** Its folder. */
  readonly build: string;
  /** That of the worker's script, where a cache answers for it with another build's. */
  readonly worker?: string;
  /** The script's address besides `/medulla/shared-worker.js`, as a bundler names it that hashes; the last build's is gone. */
  readonly hashed?: string;
}

async function bodyFor(paths: Paths, url: URL, { build, worker, hashed }: Deployed) {
  const path = url.pathname;
  if (path in paths) return paths[path]?.(url);
  if (path === '/service-worker.js') return read(join(build, 'service-worker.js'));
  const file = path === hashed ? 'shared-worker.js' : path.match(/^\/medulla\/([\w-]+\.js)$/)?.[1];
  if (file === undefined) return undefined;
  return read(join((file === 'shared-worker.js' && worker) || build, file));
}

export interface PageServer {
  readonly origin: string;
  /** What pages threw. */
  readonly complaints: readonly string[];
  deployed: Deployed;
  close(): void;
}

/**
 * Serves the test page, the built scripts and `more`, apart from the Medulla server: pages reload while that one is
 * down.
 */
export async function openPageServer(more: Paths = {}, caching = 'no-store'): Promise<PageServer> {
  const complaints: string[] = [];
  const paths: Paths = {
    ...PATHS,
    ...more,
    '/complain': ({ searchParams }) => {
      complaints.push(searchParams.get('what') ?? '');
      return '';
    },
  };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://page');
    const body = await bodyFor(paths, url, opened.deployed).catch(() => undefined);
    const type = url.pathname.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': caching,
    });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const opened: PageServer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    complaints,
    deployed: { build: join(root, 'dist') },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return opened;
}
