import type { Clock } from '../../base/clock.ts';

/** For how long it is waited for a client to take what was said to it last, in milliseconds. */
const GRACE = 1_000;

/** What of Socket.IO's socket it takes. */
export interface Connected {
  readonly conn: { readonly readyState: string; once(event: 'close', fn: () => void): unknown };
  disconnect(whole: boolean): unknown;
}

/**
 * Ends a connection once what this turn of the event loop says has gone out: its last answers, over polling with the next
 * request. `whole`: with all its namespaces.
 */
export function hangUp(socket: Connected, clock: Clock, whole: boolean): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => {
      if (!whole || socket.conn.readyState === 'closed') resolve();
      else socket.conn.once('close', () => resolve());
      // Who is gone without a word takes nothing any more.
      clock.after(GRACE, resolve);
      socket.disconnect(whole);
    });
  });
}
