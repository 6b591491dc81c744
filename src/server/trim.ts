import type { Cancel } from '../base/clock.ts';
import { type CoreOptions, DEFAULT_HISTORY, DEFAULT_RECEIPT_DAYS } from './core-options.ts';
import type { SessionParts } from './session/session-parts.ts';

const DAY = 86_400_000;
const PERIOD = 3_600_000;

/** Forgets what is too old: at once, and every hour. The returned function ends it. */
export function keepTrim(
  { store, resources, clock, log }: Pick<SessionParts, 'store' | 'resources' | 'clock' | 'log'>,
  { history, receiptDays = DEFAULT_RECEIPT_DAYS }: Pick<CoreOptions, 'history' | 'receiptDays'>,
): Cancel {
  let cancel: Cancel = () => undefined;
  let isOver = false;
  void run();
  return () => {
    isOver = true;
    cancel();
  };

  async function run(): Promise<void> {
    const now = clock.now();
    try {
      await store.trim({
        receiptsBefore: now - receiptDays * DAY,
        log: (topic) => {
          const own = resources.match(topic)?.resource.options.history;
          const { changes, days } = { ...DEFAULT_HISTORY, ...history, ...own };
          return { changes, before: now - days * DAY };
        },
      });
    } catch (error) {
      // One that the store's end has cut short goes on with the next start.
      if (!isOver) log('error', 'trim-failed', { error });
    }
    if (!isOver) cancel = clock.after(PERIOD, run);
  }
}
