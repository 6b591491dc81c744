import { Workbox } from 'workbox-window';
import type { Say } from './views/toasts-view.ts';

/** Keeps the page itself at hand for when the server is not, and offers a new version when there is one. */
export async function offerUpdates(say: Say): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const workbox = new Workbox('/service-worker.js');
  let accepted = false;
  let taken = false;
  workbox.addEventListener('waiting', () => {
    // The page of the first visit has been taken too, by the version that is there.
    taken = false;
    say(
      'A new version is ready.',
      {
        label: 'Reload',
        act: () => {
          accepted = true;
          // Somebody may have agreed in another tab: nothing waits any more then.
          if (taken) location.reload();
          else workbox.messageSkipWaiting();
        },
      },
      'stay',
    );
  });
  workbox.addEventListener('controlling', () => {
    taken = true;
    if (accepted) location.reload();
  });
  // Where it is refused (a private window, a policy) the board works as before, while the server is there.
  await workbox.register().catch((cause: unknown) => console.warn('No service worker', cause));
}
