import type { Database } from '../database.ts';
import type { Ledger } from '../ledger.ts';

/** P6: what the server did, or refused to do, it did in the name of whoever sat at the tab that wrote it. */
export function ownUser(ledger: Ledger, { receipts }: Database): void {
  for (const { id, user } of receipts.values()) {
    const handed = ledger.handed.get(id);
    if (!handed) continue;
    const { name, user: author } = handed.life;
    ledger.check(
      'P6',
      user === author,
      [id, handed.record],
      () => `${author}'s ${id} of ${name} came as ${user}'s`,
    );
  }
}
