import type { Cancel, Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { Cursor } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import { imagesOf } from '../sight/images-of.ts';
import type { Store } from '../store.ts';
import { Comparison } from './comparison.ts';
import type { Nodes } from './nodes.ts';
import { parseRuns, type Run } from './run.ts';
import { type Head, Standing } from './standing.ts';

export interface DeliveryParts {
  readonly store: Pick<Store, 'heads' | 'log'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Without it there are no others. */
  readonly nodes?: Nodes | undefined;
  /**
   * Called with what happened to a topic that somebody follows here, in order: each run begins where that before it
   * ended. Only where the log was trimmed, or too much is missing, does a run without entries say where the topic is.
   */
  readonly tell: (run: Run) => void;
  /** Called where those who follow a topic here have been told what the store does not have: all of them are to begin anew. */
  readonly restored: (topic: Topic) => void;
}

/** What is missing has mostly been overtaken, and comes by itself: so long it is waited for, in milliseconds. */
const PATIENCE = 30;
/** How long until the log is read again that could not be read, in milliseconds. */
const AGAIN = 3_000;
/** Who misses more changes than this, or more bytes of them, asks for them by themselves, and may get a snapshot. */
const FAR = { changes: 10_000, bytes: 16_777_216 };

/**
 * Delivers what happens to a topic to those who follow it on this node, wherever it was committed: in the order of the
 * offsets, nothing left out and nothing twice. What the other nodes tell is only a hint that may be lost; the store's
 * log is the truth.
 *
 *   commit ─▶ publish ─┬─▶ take ─▶ in order? ─▶ tell ─▶ followers on this node
 *                      │    ▲         └ no ─▶ wait a little ─▶ read the log ─▶ tell
 *                      ▼    │                                     ▲
 *                     other nodes          every 3 s: heads of the store, where they are beyond ours
 */
export class Delivery {
  /** For metrics. `told`: runs delivered; `gaps`: something was missing; `replays`: it was read from the log. */
  readonly counts = { told: 0, heard: 0, gaps: 0, replays: 0, compared: 0 };
  readonly #parts: DeliveryParts;
  readonly #standings = new Map<Topic, Standing>();
  readonly #timers = new Map<Standing, Cancel>();
  readonly #comparison: Comparison;
  #isOver = false;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    parts.nodes?.hear((message) => this.#hear(message));
    this.#comparison = new Comparison({
      ...parts,
      isDue: () => this.#hasOthers,
      topics: () => [...this.#standings.keys()],
      headOf: (topic) => this.#standings.get(topic)?.head,
      learn: (topic, before, stored) => this.#learn(topic, before, stored),
      compared: () => {
        this.counts.compared++;
      },
    });
    if (parts.nodes) this.#comparison.begin();
  }

  /** What this node has committed goes to the others, and to those who follow here. */
  publish(runs: readonly Run[]): void {
    const { nodes } = this.#parts;
    try {
      if (nodes && !nodes.isAlone) nodes.tell(runs);
    } catch (error) {
      // What is committed is committed: the others compare.
      this.#parts.log('warn', 'nodes-not-told', { error });
    }
    for (const run of runs) {
      const head = this.#standings.get(run.topic)?.head;
      // Mostly it was read from the log before; or the store is what it was at another time.
      if (head && run.to <= head.offset && run.mark !== head.mark) this.doubt();
      this.#take(run);
    }
  }

  /** Something may have been committed of which nobody was told: a node that is alone compares once, too. */
  doubt(): void {
    this.#comparison.doubt();
  }

  /** Somebody follows the topic here. Once this resolves, what is newer than what the store then holds is delivered. */
  async join(topic: Topic): Promise<void> {
    let standing = this.#standings.get(topic);
    if (!standing) {
      standing = new Standing();
      this.#standings.set(topic, standing);
      if (this.#hasOthers) standing.begun = this.#begin(topic, standing);
    }
    standing.followers++;
    if (standing.begun) await standing.begun;
  }

  /**
   * Whoever began to follow has this of the store. Where nobody asked for the head, as on a node that is alone, what
   * comes is compared with that, too: the store may be put back before anything is told. Of several some may have less.
   */
  began(topic: Topic, head: Head): void {
    const standing = this.#standings.get(topic);
    if (!standing || standing.head || standing.isAsking || standing.followers > 1) return;
    this.#tell(standing.moveTo(head));
    this.#mendLater(topic, standing);
  }

  leave(topic: Topic): void {
    const standing = this.#standings.get(topic);
    if (!standing || --standing.followers > 0) return;
    this.#standings.delete(topic);
    this.#timers.get(standing)?.();
    this.#timers.delete(standing);
  }

  stop(): void {
    this.#isOver = true;
    this.#comparison.stop();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  get #hasOthers(): boolean {
    return this.#parts.nodes?.isAlone === false;
  }

  /** Where the first who follows begins: a change that no node tells of is seen by comparing with that. */
  async #begin(topic: Topic, standing: Standing): Promise<void> {
    standing.isAsking = true;
    try {
      const [head] = await this.#parts.store.heads([topic]);
      standing.isAsking = false;
      if (head) this.#tell(standing.moveTo(head));
      this.#mendLater(topic, standing);
    } catch (error) {
      // The next comparison does it.
      standing.isAsking = false;
      this.#parts.log('warn', 'head-not-read', { topic, error });
    }
  }

  #hear(message: unknown): void {
    try {
      const runs = parseRuns(message);
      this.counts.heard += runs.length;
      for (const run of runs) this.#take(run);
    } catch (error) {
      this.#parts.log('warn', 'bad-message', { from: 'another node', error });
    }
  }

  #take(run: Run): void {
    const standing = this.#standings.get(run.topic);
    if (!standing || this.#isOver) return;
    this.#tell(standing.take(run));
    this.#mendLater(run.topic, standing);
  }

  #tell(runs: readonly Run[]): void {
    this.counts.told += runs.length;
    for (const run of runs) this.#parts.tell(run);
  }

  #mendLater(topic: Topic, standing: Standing, ms = PATIENCE): void {
    if (!standing.isBehind || standing.isAsking || this.#timers.has(standing) || this.#isOver) return;
    const mend = () => {
      this.#timers.delete(standing);
      if (standing.isBehind) void this.#mend(topic, standing);
    };
    this.#timers.set(standing, this.#parts.clock.after(ms, mend));
  }

  /** Delivers from the log what is missing. */
  async #mend(topic: Topic, standing: Standing): Promise<void> {
    const { log } = this.#parts;
    this.counts.gaps++;
    standing.isAsking = true;
    let wait: number | undefined;
    try {
      await this.#replay(topic, standing);
    } catch (error) {
      log('warn', 'log-not-read', { topic, error });
      wait = AGAIN;
    }
    standing.isAsking = false;
    if (this.#standings.get(topic) !== standing || this.#isOver) return;
    if (standing.head) this.#tell(standing.moveTo(standing.head));
    this.#mendLater(topic, standing, wait);
  }

  async #replay(topic: Topic, standing: Standing): Promise<void> {
    const { store, log } = this.#parts;
    const [newest] = await store.heads([topic]);
    const { head } = standing;
    if (!newest || !head) return;
    if (newest.offset <= head.offset) {
      log('warn', 'store-behind', { topic, told: head.offset, stored: newest.offset });
      standing.forget(head);
      return;
    }
    const { epoch } = newest;
    const isFar = newest.offset - head.offset > FAR.changes;
    const cursor = { epoch, offset: head.offset, mark: head.mark };
    const missed = isFar ? null : await store.log(topic, cursor, FAR.bytes);
    if (this.#standings.get(topic) !== standing || this.#isOver) return;
    if (!missed && standing.isDoubted) {
      this.#restored(topic, standing, newest);
      return;
    }
    const { offset, mark } = missed?.cursor ?? newest;
    if (missed) this.counts.replays++;
    const { entries, images: known } = missed ?? { entries: [] };
    const images = imagesOf(entries, known);
    const from = missed ? head.offset : offset;
    this.#tell([{ topic, from, to: offset, mark, entries, ...(images && { images }) }]);
    standing.head = { offset, mark };
  }

  /** `before`: how far its followers had been told when the store was asked. */
  #learn(topic: Topic, before: Head | null | undefined, stored: Cursor | undefined): void {
    const standing = this.#standings.get(topic);
    if (!standing || !stored || standing.isAsking || this.#isOver) return;
    const { offset, mark } = stored;
    if (!standing.head)
      this.#tell([{ topic, from: offset, to: offset, mark, entries: [] }, ...standing.moveTo(stored)]);
    else if (before && (offset < before.offset || (offset === before.offset && mark !== before.mark)))
      this.#restored(topic, standing, stored);
    else standing.saw(offset);
    this.#mendLater(topic, standing);
  }

  /** As after a backup was brought back under a server that runs: what comes now is of another log than what was told. */
  #restored(topic: Topic, standing: Standing, stored: Head): void {
    this.#parts.log('error', 'store-restored', { topic, told: standing.head?.offset, stored: stored.offset });
    standing.forget({ offset: stored.offset, mark: stored.mark });
    this.#parts.restored(topic);
  }
}
