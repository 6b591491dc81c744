/**
 * The door of the service worker: the application's shell, offline. Workbox keeps the files that the build lists; the
 * records are the hub's affair, in its own database. Prebuilt, with `self.__WB_MANIFEST` left for the application's
 * build to fill (by Workbox's injectManifest, or by replacing the text).
 *
 * The list has to hold `/medulla/shared-worker.js` too: without the hub's script nothing starts offline.
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { consoleLog } from '../src/base/console-log.ts';
import { listenForSync } from '../src/hub/adapters/service/listen-for-sync.ts';
import { listenForTabs } from '../src/hub/adapters/service/listen-for-tabs.ts';

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly PrecacheEntry[] | undefined;
};

/** Paths that the server answers itself, also when somebody opens them in a tab. */
const SERVERS = [/^\/medulla\//, /^\/socket\.io\//];

const manifest = [...(self.__WB_MANIFEST ?? [])];
precacheAndRoute(manifest);
cleanupOutdatedCaches();

// Every address of the application opens the shell: its router, if it has one, does the rest.
const shell = manifest.find(({ url }) => /^\/?index\.html$/.test(url));
if (shell) registerRoute(new NavigationRoute(createHandlerBoundToURL(shell.url), { denylist: SERVERS }));

// The page of the first visit too: otherwise it would not hear of a new version before its next visit.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A new version waits until the person at the page agrees: the page asks, and sends this.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting();
});

// With no page open, what was written is sent all the same.
listenForSync(self, consoleLog);
// Where pages ask for it, the hub is here.
listenForTabs(self, consoleLog);
