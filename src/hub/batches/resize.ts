import type { Entry } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';

/** These are what is left of their batch: the server takes a batch whole, as many as they say that they are. */
export function resize(outbox: Outbox, left: readonly Entry[]): void {
  for (const entry of left) {
    const { mutation } = entry;
    if (mutation.batch && mutation.batch.size !== left.length)
      outbox.change(entry, { mutation: { ...mutation, batch: { ...mutation.batch, size: left.length } } });
  }
}
