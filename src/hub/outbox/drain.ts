import { backoff } from '../../base/backoff.ts';
import type { Cancel } from '../../base/clock.ts';
import { errorOf } from '../../protocol/errors.ts';
import type { MutationId } from '../../protocol/ids.ts';
import { type FinalReceipt, isFinal, type Receipt } from '../../protocol/receipt.ts';
import type { Answers } from '../../protocol/server-down.ts';
import type { HubContext } from '../context.ts';
import { foretell } from '../disk/foretold.ts';
import { type Batch, cutBatch } from './cut-batch.ts';
import type { Endings } from './endings.ts';
import { type Entry, GIVEN_UP, idOf, isQueued, isSuspect, LOST } from './entry.ts';
import { type Retry, retryOf } from './retry-of.ts';

const QUEUED = { type: 'queued' } as const;

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
  /** One is on its way of what may break its push. */
  #isTrying = false;
  /** The receipt number that is current, as far as is known. */
  #number = 0;
  /** Ends the rest that the server asked for. */
  #rest: Cancel | null = null;
  #rests = 0;
  #held = false;

  constructor(hub: HubContext, endings: Endings) {
    this.#hub = hub;
    this.#endings = endings;
  }

  /** The receipt number that is current; null = no server has said. */
  get number(): number | null {
    return this.#number || null;
  }

  opened(number: number): void {
    this.#number = number;
    this.#rest?.();
    this.#rest = null;
    this.pump();
  }

  /** What is not to be queued does not wait for the next connection. */
  lost(): void {
    for (const entry of this.#hub.outbox.moving())
      if (!entry.kept && (isQueued(entry) || isParked(entry)))
        this.#endings.fail(entry, 'unreachable', 'The connection was lost before it was sent');
  }

  /** Nothing more is sent until {@link goOn}. */
  hold(): void {
    this.#held = true;
  }

  goOn(): void {
    this.#held = false;
    this.pump();
  }

  /** Sends what may go now. */
  pump(): void {
    const { outbox, line, options } = this.#hub;
    while (line.welcome && !this.#held && !this.#rest && this.#inFlight < options.inFlight) {
      const { limits } = line.welcome;
      const bounds = { count: Math.min(BATCH, limits.batch), size: limits.bytes / 2, number: this.#number };
      const batch = cutBatch(outbox, { ...bounds, isTrying: this.#isTrying });
      for (const entry of batch.caught) this.#endings.giveUp(entry, 'unsent', 'It names what is not made');
      if (batch.units > 0) this.#push(batch);
      else if (batch.caught.length === 0) break;
    }
  }

  async #push({ mutations, entries, units }: Batch): Promise<void> {
    const { line, user } = this.#hub;
    this.#inFlight++;
    const isTrying = entries.some(isSuspect);
    this.#isTrying ||= isTrying;
    this.#sent(entries);
    const left = new Map(entries.map((entry) => [idOf(entry), entry]));
    const answer = await line
      .request('push', { user, mutations })
      .catch((error) => this.#failed(entries, units, error));
    if (answer) this.#answered(left, answer, units);
    this.#inFlight--;
    if (isTrying) this.#isTrying = false;
    this.pump();
  }

  /**
   * What goes wrong here while a receipt is noted says nothing of the push: the mutation goes again, and gets the same
   * receipt, however often; it is never taken for one that the server does not want.
   */
  #answered(left: Map<MutationId, Entry>, { receipts, number }: Answers['push'], batchSize: number): void {
    const { aliases, clock, options } = this.#hub;
    this.#number = Math.max(this.#number, number);
    this.#rests = 0;
    const failed: Entry[] = [];
    const all = () => [...left.values()];
    if (!this.#noted(() => aliases.received(receipts))) failed.push(...all());
    for (const receipt of failed.length > 0 ? [] : receipts) {
      for (const id of receipt.ids) {
        const entry = left.get(id);
        if (!entry || !left.delete(id)) continue;
        if (!this.#noted(() => this.#receipt(entry, receipt))) failed.push(entry);
      }
    }
    this.#noted(() => this.#endings.answered());
    if (failed.length === 0) this.#unanswered(all(), batchSize, 1);
    else
      clock.after(options.backoff.base, () => {
        this.#unanswered([...failed, ...all()], batchSize, 0);
        this.pump();
      });
  }

  #noted(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      this.#hub.log('error', 'receipt-not-noted', { error });
      return false;
    }
  }

  /** The push as a whole has no answer, or is refused. */
  #failed(entries: readonly Entry[], batchSize: number, error: unknown): void {
    const { line, log, options, random } = this.#hub;
    const { code, message } = errorOf(error);
    if (code !== 'unreachable') log('warn', 'push-refused', { code, message });
    switch (code) {
      case 'unreachable':
        this.#unanswered(entries, batchSize, 1);
        break;
      case 'unauthorized':
      case 'wrong-user':
        this.#unanswered(entries, batchSize, 0);
        line.unauthorized();
        break;
      case 'retry':
      case 'rate':
        this.#unanswered(entries, batchSize, 0);
        this.#restFor(backoff(1 + this.#rests++, options.backoff, random));
        break;
      default:
        // It is something in it that the server cannot take. What was too large alone will never be smaller.
        if (code !== 'too-large' || batchSize > 1) this.#unanswered(entries, batchSize, 2);
        else for (const entry of entries.filter(isSent)) this.#endings.giveUp(entry, code, message);
    }
  }

  #restFor(ms: number): void {
    this.#rest ??= this.#hub.clock.after(ms, () => {
      this.#rest = null;
      this.pump();
    });
  }

  #sent(entries: readonly Entry[]): void {
    for (const entry of entries) {
      this.#move(entry, { type: 'sent' });
      entry.number ??= this.#number;
    }
    foretell(this.#hub, entries, this.#number);
  }

  #receipt(entry: Entry, receipt: Receipt): void {
    entry.unanswered = 0;
    if (isFinal(receipt)) this.#endings.receipt(entry, receipt);
    else if (!entry.kept) this.#endings.fail(entry, receipt.type, receipt.message);
    else if (isSent(entry)) this.#undone(entry, receipt);
  }

  /** The server says that nothing was done. */
  #undone(entry: Entry, receipt: Exclude<Receipt, FinalReceipt>): void {
    if (receipt.type === 'unauthorized') {
      this.#move(entry, QUEUED);
      return void this.#hub.line.unauthorized();
    }
    // That there were too many at once is not this one's fault; others would be too many now, too.
    if (receipt.code === 'rate') this.#restFor(receipt.after);
    else entry.attempts++;
    this.#again(entry, receipt);
  }

  /** No answer came for these: they may have been applied, or not, and go again under the same ids. */
  #unanswered(entries: Iterable<Entry>, batchSize: number, count: number): void {
    const { line, outbox } = this.#hub;
    for (const entry of entries) {
      if (!isSent(entry)) continue;
      if (!entry.kept) {
        this.#endings.fail(entry, 'unreachable', LOST);
        // The server may be at it yet: what follows it here is not to be overtaken.
        if (!line.welcome) outbox.add(Object.assign(entry, GIVEN_UP));
        continue;
      }
      entry.unanswered += count;
      entry.batchSize = batchSize;
      this.#move(entry, QUEUED);
      // Alone, and again without an answer: it is what the server cannot take, and only its own record waits for it.
      if (batchSize > 1 || entry.unanswered <= 2) continue;
      entry.attempts++;
      this.#again(entry, retryOf(entry, 'unreachable', LOST));
    }
  }

  /** After a while, or when its user says so. */
  #again(entry: Entry, receipt: Retry): void {
    const { outbox, clock, options, random } = this.#hub;
    if (entry.attempts >= options.attempts) {
      this.#endings.offer(entry, receipt);
      return;
    }
    const phase = { type: 'parked', receipt } as const;
    const isFirst = outbox.unitOf(entry).every((other) => other.phase.type !== 'parked');
    this.#move(entry, phase);
    // The others of a batch go on with the first of it.
    if (!isFirst) return;
    clock.after(receipt.after + backoff(entry.attempts, options.backoff, random), () => {
      if (entry.phase === phase) this.resume(outbox.unitOf(entry).filter(isParked));
    });
  }

  /** What waits goes again, under its own id: no receipt says that it is done. */
  resume(unit: readonly Entry[]): void {
    for (const entry of unit) this.#move(entry, QUEUED);
    this.pump();
  }

  #move(entry: Entry, phase: Entry['phase']): void {
    this.#hub.outbox.change(entry, { phase });
    this.#hub.outlet.item(entry);
  }
}

const isSent = ({ phase }: Entry): boolean => phase.type === 'sent';
const isParked = ({ phase }: Entry): boolean => phase.type === 'parked';
