import { shellCaches } from './shell-caches.ts';

/**
 * Takes the place of a service worker that is to be got rid of: at once, with its shells, and with a reload of the pages
 * that it served. What was written, and is in IndexedDB, is left alone: the hub that the reloaded pages have goes on with it.
 */
export function retire(worker: ServiceWorkerGlobalScope): void {
  const names = shellCaches(worker.registration.scope);
  worker.addEventListener('install', () => void worker.skipWaiting());
  worker.addEventListener('activate', (event) => event.waitUntil(end()));

  async function end(): Promise<void> {
    const shells = (await caches.keys()).filter(names.has);
    await Promise.all(shells.map((name) => caches.delete(name)));
    // Without claiming any: a page that registers it again, as the broken one does, is not reloaded again.
    const pages = await worker.clients.matchAll({ type: 'window' });
    await worker.registration.unregister();
    await Promise.allSettled(pages.map((page) => page.navigate(page.url)));
  }
}
