import type { Cancel, Clock } from '../../../base/clock.ts';
import type { Events, Hash } from '../../backbone.ts';
import type { Medulla } from '../../medulla.ts';

/** What the events 'error', 'close' and 'noretries' are given. */
export interface LineEvent {
  /** Why, as `status.get('reason')` says it: 'unreachable', 'unauthorized' …; null where somebody here has closed it. */
  readonly code: string | null;
  readonly message: string | null;
  /** Attempts that have failed since it was last open. */
  readonly attempts: number;
}

export interface WatchLineParts {
  readonly medulla: Medulla;
  readonly clock: Clock;
  readonly tell: (event: 'open' | 'error' | 'close' | 'noretries', ...args: unknown[]) => void;
  /** Whether it is to be opened again by itself, and how often in a row that may fail. */
  readonly reopen: boolean;
  readonly retries: number;
  /** Milliseconds until the next attempt at the latest, in the place of the hub's own growing wait. */
  readonly reopenTimeout?: number | undefined;
}

/** Tells what becomes of the line in the words of a WebSocket. Returns what ends it. */
export function watchLine({ medulla, clock, tell, reopen, retries, reopenTimeout }: WatchLineParts): Cancel {
  const status = medulla.status as unknown as Events & { readonly attributes: Hash };
  let { isOpen } = medulla;
  let failed = Number(status.attributes.attempts ?? 0);
  let next: Cancel = () => undefined;

  function changed(): void {
    const { connection, reason = null, message = null, attempts: count } = status.attributes;
    const attempts = Number(count ?? 0);
    const event = { code: reason, message, attempts } as LineEvent;
    const [wasOpen, hasFailed] = [isOpen, attempts > failed];
    isOpen = connection === 'open';
    failed = attempts;
    if (hasFailed) tell('error', event, wasOpen);
    if (hasFailed || (wasOpen && !isOpen)) tell('close', event);
    if (isOpen && !wasOpen) tell('open');
    if (!hasFailed || connection === 'closed') return;
    next();
    if (reopen && attempts <= retries) {
      if (reopenTimeout !== undefined) next = clock.after(reopenTimeout, () => medulla.reconnect());
      return;
    }
    medulla.disconnect();
    if (reopen) tell('noretries', event);
  }

  status.on('change', changed);
  return () => {
    next();
    status.off('change', changed);
  };
}
