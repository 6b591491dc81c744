import type { Log } from '../../../base/log.ts';
import { SYNC } from '../../../protocol/tab-terms.ts';
import { backgroundSync } from './background-sync.ts';

/** As much of it as is used: TypeScript knows no Background Sync. */
interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

/** The part of a service worker that sends what was written once no page is there any more. Called while its script is evaluated. */
export function listenForSync(scope: ServiceWorkerGlobalScope, log: Log): void {
  const { locks } = scope.navigator;
  const pages = async () =>
    (await scope.clients.matchAll({ type: 'window', includeUncontrolled: true })).length;
  scope.addEventListener('sync', (event) => {
    const { tag } = event as SyncEvent;
    if (tag === SYNC) (event as SyncEvent).waitUntil(backgroundSync({ locks, log, pages }));
  });
}
