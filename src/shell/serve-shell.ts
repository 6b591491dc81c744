import { PrecacheController, type PrecacheEntry, PrecacheRoute } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { shellCaches } from './shell-caches.ts';

/** Paths that the server answers itself, also when somebody opens them in a tab: below the scope, or at the root. */
const SERVERS = ['medulla/', 'socket.io/'];

/**
 * The application's shell, offline: Workbox keeps the files of the list, and every address of the scope opens its
 * index.html but for those that begin with one of `except`, or are the server's.
 *
 * Each version of the list has a cache of its own. The one before it stays beside it: a page that was open when the new
 * version took over may yet ask for its own files, of which the server, if there is one, may have no copy any more.
 */
export function serveShell(
  worker: ServiceWorkerGlobalScope,
  list: readonly PrecacheEntry[],
  except: readonly string[],
): void {
  const { scope } = worker.registration;
  const names = shellCaches(scope);
  const cacheName = names.nameOf(list);
  const precache = new PrecacheController({ cacheName });
  precache.addToCacheList([...list]);
  const older = async () =>
    (await caches.keys()).filter((name) => name !== cacheName && names.has(name)).reverse();

  worker.addEventListener('install', (event) => event.waitUntil(install(event)));
  worker.addEventListener('activate', (event) => event.waitUntil(leave()));

  registerRoute(new PrecacheRoute(precache));
  const url = [new URL('index.html', scope).href, scope].find((one) => precache.getCacheKeyForURL(one));
  if (url) {
    const served = [...except, ...SERVERS.flatMap((path) => [`/${path}`, new URL(path, scope).pathname])];
    registerRoute(
      ({ request, url: { pathname } }) =>
        request.mode === 'navigate' && !served.some((path) => pathname.startsWith(path)),
      // Its router, if it has one, does the rest.
      precache.createHandlerBoundToURL(url),
    );
  }
  // What an old page asks for is in the list no more. (What a script fetches has no destination, and is left alone.)
  registerRoute(
    ({ request, sameOrigin }) => sameOrigin && request.destination !== '' && request.mode !== 'navigate',
    async ({ request }) => (await ofOlder(request)) ?? fetch(request),
  );

  /** All of the list, or nothing of it: the version that is there goes on serving then. */
  async function install(event: ExtendableEvent): Promise<void> {
    const isNew = !(await caches.has(cacheName));
    try {
      await precache.install(event);
    } catch (error) {
      if (isNew) await caches.delete(cacheName);
      throw error;
    }
  }

  /** Two versions are kept: this one and the one before it. */
  async function leave(): Promise<void> {
    const [, ...outdated] = await older();
    await Promise.all(outdated.map((name) => caches.delete(name)));
  }

  async function ofOlder(request: Request): Promise<Response | undefined> {
    for (const name of await older()) {
      const found = await caches.match(request, { cacheName: name, ignoreVary: true });
      if (found) return found;
    }
    return undefined;
  }
}
