import type { Lifecycle } from '../options.ts';

/**
 * A page that is put to sleep lets the hub go first: a waiter on its lock, or a message to its port, would throw it out
 * of the back/forward cache (Chromium).
 */
export const pageLifecycle: Lifecycle = {
  listen({ hide, show, see }) {
    const look = () => see(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', look);
    look();
    addEventListener('pagehide', hide);
    addEventListener('pageshow', show);
    document.addEventListener('freeze', hide);
    document.addEventListener('resume', show);
  },
};
