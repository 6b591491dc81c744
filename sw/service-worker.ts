/**
 * The door of the service worker: the application's shell, offline. Workbox keeps the files that the build lists; the
 * records are the hub's affair, in its own database. Prebuilt, with `self.__WB_MANIFEST` left for the application's
 * build to fill (by Workbox's injectManifest, or by replacing the text).
 *
 * The list has to hold the hub's script too, `/medulla/shared-worker.js`: without it nothing starts offline. Where it is
 * registered with `?except=/print/&except=/files/`, addresses that begin so are the server's, also when they are opened in a tab.
 */
import type { PrecacheEntry } from 'workbox-precaching';
import { consoleLog } from '../src/base/console-log.ts';
import { makeDialect } from '../src/dialects.ts';
import { listenForSync } from '../src/hub/adapters/service/listen-for-sync.ts';
import { listenForTabs } from '../src/hub/adapters/service/listen-for-tabs.ts';
import { serveShell } from '../src/shell/serve-shell.ts';

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: readonly PrecacheEntry[] | undefined;
};

const manifest = self.__WB_MANIFEST ?? [];
if (manifest.length) serveShell(self, manifest, new URL(location.href).searchParams.getAll('except'));

// The page of the first visit too: otherwise it would not hear of a new version before its next visit.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

// A new version waits until the person at the page agrees: the page asks, and sends this.
self.addEventListener('message', (event) => {
  if (event.data?.type === 'SKIP_WAITING') void self.skipWaiting();
});

// With no page open, what was written is sent all the same.
listenForSync(self, consoleLog);
// Where pages ask for it, the hub is here.
listenForTabs(self, consoleLog, async () => makeDialect);
