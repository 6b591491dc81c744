import type { Database, LogEntry } from '../database.ts';
import type { Ledger, Write } from '../ledger.ts';

const KINDS: readonly string[] = ['create', 'save', 'poison', 'patch', 'destroy'];

/** P1 and P7: what was answered with 2xx has its effect, or was refused for everybody to see and then decided about. */
export function fate(ledger: Ledger, { receipts, log }: Database): void {
  const entries = new Map(log.map((entry) => [`${entry.record}@${entry.offset}`, entry]));
  for (const write of ledger.writes.values()) {
    if (!KINDS.includes(write.kind) || (!write.answer && !write.id)) continue;
    const about = [write.mark, write.id ?? write.mark, write.record ?? write.mark];
    const receipt = receipts.get(write.id ?? '');
    const status = write.answer?.status ?? null;
    const isAnswered = status !== null && status >= 200 && status < 300;
    if (receipt?.offset != null) {
      if (!isAnswered) continue;
      const { offset } = receipt;
      const entry = entries.get(`${write.record}@${offset}`);
      const isThere =
        write.kind === 'destroy' || write.mark in (entry?.set ?? {}) || isFoldedIntoDelete(write, offset);
      ledger.check(
        'P1',
        isThere,
        about,
        () =>
          `${write.mark} has a receipt (${JSON.stringify(receipt)}), but its effect is not in the log: ${JSON.stringify(historyOf(log, write, offset))}`,
      );
    } else if (receipt) refused(write, about, receipt.type);
    else if (isAnswered && !(write.id === undefined && write.kind === 'destroy'))
      ledger.check(
        'P1',
        isGivenUp(write),
        about,
        () => `${write.mark} was answered ${status}, and the server never saw it`,
      );
  }

  /** The delete of what never was there is no change; it has the same receipt as what it was folded with. */
  function isFoldedIntoDelete({ record }: Write, offset: number): boolean {
    return [...ledger.handed.values()].some(
      (one) => one.record === record && one.method === 'delete' && receipts.get(one.id)?.offset === offset,
    );
  }

  function refused(write: Write, about: string[], type: string): void {
    const { mark, id = '', record, answer } = write;
    const status = answer?.status ?? null;
    const wasToldApplied = status === 200 || status === 201;
    ledger.check(
      'P7',
      !wasToldApplied,
      about,
      () => `${mark} was answered ${status}, but its receipt is '${type}'`,
    );
    const isSuperseded = isFollowed(id, record);
    const wasHeard = status !== null && status >= 400;
    // What is refused with its create is one item with it: whoever decided about that was shown both.
    const wasShown = ledger.rejected.has(id) || isGivenUp(write);
    const wasSeen = wasShown || wasHeard || isSuperseded || type === 'withdrawn';
    ledger.check('P7', wasSeen, about, () => `${mark} was refused ('${type}'), and nobody was shown it`);
    const isDecided = isGivenUp(write) || isSuperseded || type === 'withdrawn';
    ledger.check(
      'P7',
      isDecided,
      about,
      () => `${mark} was refused ('${type}') and left the outbox without a decision`,
    );
  }

  /** A later write of the record took its place. */
  function isFollowed(id: string, record: string | undefined): boolean {
    const turn = ledger.handed.get(id)?.turn ?? 0;
    return [...ledger.handed.values()].some((other) => other.record === record && other.turn > turn);
  }

  /** By a decision about it, or about the refused create that it built on. */
  function isGivenUp({ id, record }: Write): boolean {
    return ledger.decided.some(
      (one) =>
        one.id === id || (one.record === record && one.method === 'create' && one.decision === 'discard'),
    );
  }
}

/** What the log has at the offset, and about the record of the write. */
const historyOf = (log: readonly LogEntry[], { record }: Write, at: number) =>
  log.filter((entry) => entry.record === record || entry.offset === at);
