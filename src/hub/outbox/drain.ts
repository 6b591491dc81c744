import { backoff } from '../../base/backoff.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { HubContext } from '../context.ts';
import type { Op } from '../storage.ts';
import { type Batch, cutBatch } from './cut-batch.ts';
import type { Endings } from './endings.ts';
import { type Entry, idOf, rowOf } from './entry.ts';

/** Mutations in one push at the most: enough that the trip costs nothing, few enough that the next can be on its way. */
const BATCH = 250;

/**
 * Empties the outbox into the server.
 *
 *   queued ──push──▶ sent ──receipt──▶ awaiting, rejected, gone
 *      ▲               ├── retry ────▶ parked ──clock──▶ queued
 *      └── no answer ──┘
 */
export class Drain {
  readonly #hub: HubContext;
  readonly #endings: Endings;
  #inFlight = 0;
  /** The receipt number that is current, as far as is known. */
  #number = 0;

  constructor(hub: HubContext, endings: Endings) {
    this.#hub = hub;
    this.#endings = endings;
  }

  opened(number: number): void {
    this.#number = number;
    this.pump();
  }

  /** Sends what may go now. */
  pump(): void {
    const { outbox, line, options } = this.#hub;
    while (line.welcome && this.#inFlight < options.inFlight) {
      const { limits } = line.welcome;
      const count = Math.min(BATCH, limits.batch);
      const batch = cutBatch(outbox, { count, size: limits.bytes / 2, number: this.#number });
      if (batch.mutations.length === 0) break;
      this.#push(batch);
    }
  }

  /** Asks the server to see to it that this mutation, which may have been sent, has no effect; what it says stands. */
  async withdraw(entry: Entry): Promise<void> {
    const { outbox, line, user } = this.#hub;
    outbox.change(entry, { phase: { type: 'withdrawing' } });
    this.#hub.outlet.item(entry);
    try {
      const { receipts } = await line.request('withdraw', { user, ids: [idOf(entry)] });
      for (const receipt of receipts) this.#receipt(entry, receipt);
    } catch {
      if (entry.phase.type === 'withdrawing') outbox.change(entry, { phase: { type: 'queued' } });
    }
    this.pump();
  }

  async #push({ mutations, entries }: Batch): Promise<void> {
    const { line, user } = this.#hub;
    this.#inFlight++;
    this.#sent(entries);
    const byId = new Map(entries.map((entry) => [idOf(entry), entry]));
    try {
      const { receipts, number } = await line.request('push', { user, mutations });
      this.#number = Math.max(this.#number, number);
      for (const receipt of receipts) {
        for (const id of receipt.ids) {
          const entry = byId.get(id);
          if (entry && byId.delete(id)) this.#receipt(entry, receipt);
        }
      }
      this.#unanswered([...byId.values()], entries.length, 0);
    } catch (error) {
      const refused = error instanceof MedullaError && error.code !== 'unreachable';
      if (refused) this.#hub.log('warn', 'push-refused', { code: error.code, message: error.message });
      this.#unanswered([...byId.values()], entries.length, refused ? 2 : 1);
    }
    this.#inFlight--;
    this.pump();
  }

  #sent(entries: readonly Entry[]): void {
    const { outbox, outlet, journal } = this.#hub;
    const ops: Op[] = [];
    for (const entry of entries) {
      outbox.change(entry, { phase: { type: 'sent' } });
      outlet.item(entry);
      if (entry.number !== null) continue;
      entry.number = this.#number;
      if (entry.kept) ops.push({ type: 'putMutation', row: rowOf(entry) });
    }
    if (ops.length > 0) journal.write(ops);
  }

  #receipt(entry: Entry, receipt: Receipt): void {
    entry.unanswered = 0;
    switch (receipt.type) {
      case 'retry':
        entry.attempts++;
        if (entry.attempts < this.#hub.options.attempts) this.#park(entry, receipt.after);
        else this.#endings.reject(entry, receipt);
        break;
      case 'unauthorized':
        this.#hub.outbox.change(entry, { phase: { type: 'queued' } });
        this.#hub.line.unauthorized();
        break;
      default:
        this.#endings.receipt(entry, receipt);
    }
  }

  /** No answer came for these: they may have been applied, or not, and go again under the same ids. */
  #unanswered(entries: readonly Entry[], batchSize: number, count: number): void {
    const { outbox, outlet, line } = this.#hub;
    for (const entry of entries) {
      if (!entry.kept) {
        this.#endings.fail(
          entry,
          'unreachable',
          'The connection was lost before the answer: it may have been applied',
        );
        continue;
      }
      entry.unanswered += count;
      entry.batchSize = batchSize;
      outbox.change(entry, { phase: { type: 'queued' } });
      outlet.item(entry);
      // Alone, and again without an answer: it is what the server cannot take, and only its own record waits for it.
      if (batchSize === 1 && (entry.unanswered > 2 || (line.welcome && count > 1))) {
        entry.attempts++;
        this.#park(entry, 0);
      }
    }
  }

  #park(entry: Entry, after: number): void {
    const { outbox, outlet, clock, options, random } = this.#hub;
    outbox.change(entry, { phase: { type: 'parked' } });
    outlet.item(entry);
    clock.after(after + backoff(entry.attempts, options.backoff, random), () => this.resume(entry));
  }

  /** A parked mutation goes again. */
  resume(entry: Entry): void {
    if (entry.phase.type !== 'parked') return;
    this.#hub.outbox.change(entry, { phase: { type: 'queued' } });
    this.#hub.outlet.item(entry);
    this.pump();
  }
}
