import { SYNC } from '../../protocol/tab-terms.ts';

/** As much of a registration as is used: TypeScript knows no Background Sync. */
interface Syncing {
  readonly sync: { register(tag: string): Promise<void> };
}

/** Has the browser wake the service worker once there is a network, also when no page is there any more. */
export async function askForSync(): Promise<void> {
  try {
    const registration: unknown = await navigator.serviceWorker.ready;
    await (registration as Syncing).sync.register(SYNC);
  } catch {} // there is none, or no Background Sync (Firefox, Safari), or it is not allowed: the next page sends it
}
