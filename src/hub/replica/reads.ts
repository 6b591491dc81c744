import type { Cancel } from '../../base/clock.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { TabId } from '../../protocol/ids.ts';
import type { ReadRequest } from '../../protocol/tab-up.ts';
import { rowsOf } from '../view.ts';
import { fail, isTold, type ReadsParts, topicNow } from './reads-parts.ts';
import { RecordReads } from './record-reads.ts';
import type { Topic } from './topic.ts';

interface Waiting {
  readonly tab: TabId;
  readonly request: number;
  readonly cancel: Cancel;
}

/**
 * Answers the tabs' reads: from the replica where it is caught up, else from the server, and from the replica again
 * where the server cannot be had. Every answer carries the pending writes on top.
 */
export class Reads {
  readonly #parts: ReadsParts;
  readonly #waiting = new Map<Topic, Set<Waiting>>();
  readonly #records: RecordReads;

  constructor(parts: ReadsParts) {
    this.#parts = parts;
    this.#records = new RecordReads(parts);
  }

  async read(tab: TabId, read: ReadRequest): Promise<void> {
    const topic = await this.#parts.replica.load(read.topic);
    if (read.query || read.record !== undefined) return this.#records.read(tab, topic, read);
    const { cache, request } = read;
    if (read.options) topic.asked = { options: read.options };
    const isFresh = topic.isUnmade || (isTold(topic, this.#parts.line) && cache !== 'reload');
    const known = isFresh || cache === 'only' || (cache === 'first' && this.#holds(topic));
    if (!isFresh && cache !== 'only') this.#parts.follower.want(topic);
    if (known || this.#parts.line.isOffline) return this.#fromReplica(tab, topic, request);
    this.#wait(tab, topic, request);
  }

  /** The topic was asked for. */
  asked(topic: Topic, caughtUp: boolean, headers?: Attributes): void {
    for (const { tab, request, cancel } of this.#take(topic)) {
      cancel();
      if (caughtUp) this.#whole(tab, topic, request, 'network', false, headers);
      else this.#without(tab, topic, request);
    }
  }

  /** The server has said no, or nothing: the replica answers, unless the topic may not be read. */
  #without(tab: TabId, topic: Topic, request: number): void {
    const { following } = topic;
    const isRefused = following.type === 'denied' || (following.type === 'waiting' && !this.#holds(topic));
    if (isRefused) fail(this.#parts.outlet, tab, request, following);
    else this.#fromReplica(tab, topic, request);
  }

  /** There is a connection: what waits is asked for. */
  opened(): void {
    for (const topic of this.#waiting.keys()) this.#parts.follower.want(topic);
    this.#records.goOn();
  }

  /** There is no connection, and none on its way. */
  offline(): void {
    for (const topic of [...this.#waiting.keys()]) this.asked(topic, false);
    this.#records.goOn();
  }

  #holds(topic: Topic): boolean {
    return topic.loaded || !this.#parts.outbox.lanesOf(topic.name).next().done;
  }

  #wait(tab: TabId, topic: Topic, request: number): void {
    const waiting = this.#waiting.get(topic) ?? new Set();
    this.#waiting.set(topic, waiting);
    const cancel = this.#parts.clock.after(this.#parts.patience, () => {
      if (!this.#holds(topic) || !waiting.delete(one)) return;
      if (waiting.size === 0) this.#waiting.delete(topic);
      this.#fromReplica(tab, topic, request);
    });
    const one = { tab, request, cancel };
    waiting.add(one);
  }

  #take(topic: Topic): Iterable<Waiting> {
    const waiting = this.#waiting.get(topic) ?? new Set();
    this.#waiting.delete(topic);
    return waiting;
  }

  #fromReplica(tab: TabId, topic: Topic, request: number): void {
    if (this.#holds(topic)) this.#whole(tab, topic, request, 'replica', !topic.synced);
    else
      fail(this.#parts.outlet, tab, request, {
        code: 'unreachable',
        message: `Cannot read ${topic.name}: there is no connection, and nothing is kept of it here`,
      });
  }

  #whole(
    tab: TabId,
    topic: Topic,
    request: number,
    source: 'network' | 'replica',
    stale: boolean,
    headers?: Attributes,
  ): void {
    const rows = () => rowsOf(topicNow(this.#parts, topic), this.#parts.outbox, tab);
    const more = headers && { headers };
    const make = () => ({ type: 'rows', request, rows: rows(), source, stale, ...more }) as const;
    this.#parts.outlet.answer(tab, make, topic.name, true);
  }
}
