import type { Cancel, Clock } from '../../base/clock.ts';
import type { Row } from '../../protocol/change.ts';
import { MedullaError, STATUS, statusOf } from '../../protocol/errors.ts';
import { type RecordId, recordKey, type TabId } from '../../protocol/ids.ts';
import type { ReadRequest } from '../../protocol/tab-up.ts';
import { type Journal, LINGER } from '../journal.ts';
import type { Line } from '../line.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Outlet } from '../outlet.ts';
import { rowsOf, viewOf } from '../view.ts';
import type { Follower } from './follower.ts';
import type { Replica } from './replica.ts';
import type { Topic } from './topic.ts';

interface Waiting {
  readonly tab: TabId;
  readonly request: number;
  readonly cancel: Cancel;
}

export interface ReadsParts {
  readonly replica: Replica;
  readonly outbox: Outbox;
  readonly follower: Follower;
  readonly line: Line;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly outlet: Outlet;
  /** Milliseconds after which the replica answers in the server's place. */
  readonly patience: number;
}

/**
 * Answers the tabs' reads: from the replica where it is caught up, else from the server, and from the replica again
 * where the server cannot be had. Every answer carries the pending writes on top.
 */
export class Reads {
  readonly #parts: ReadsParts;
  readonly #waiting = new Map<Topic, Set<Waiting>>();
  /** Reads of records and queries that wait for the connection that is being made. */
  readonly #connecting: (() => void)[] = [];

  constructor(parts: ReadsParts) {
    this.#parts = parts;
  }

  async read(tab: TabId, read: ReadRequest): Promise<void> {
    const topic = await this.#parts.replica.load(read.topic);
    if (read.query) return this.#ask(tab, topic, read);
    if (read.record !== undefined) return this.#readRecord(tab, topic, read, read.record);
    const { cache, request } = read;
    const known =
      cache === 'only' || (cache === 'network' && topic.synced) || (cache === 'first' && this.#holds(topic));
    if (cache !== 'only' && !(cache === 'network' && topic.synced)) this.#parts.follower.want(topic);
    if (known || this.#offline) return this.#fromReplica(tab, topic, request);
    this.#wait(tab, topic, request);
  }

  /** The topic was asked for. */
  asked(topic: Topic, caughtUp: boolean): void {
    for (const { tab, request, cancel } of this.#take(topic)) {
      cancel();
      if (caughtUp) this.#whole(tab, topic, request, 'network', false);
      else this.#without(tab, topic, request);
    }
  }

  /** The server has said no, or nothing: the replica answers, unless the topic may not be read. */
  #without(tab: TabId, topic: Topic, request: number): void {
    const { following } = topic;
    const isRefused = following.type === 'denied' || (following.type === 'waiting' && !this.#holds(topic));
    if (isRefused) this.#fail(tab, request, following);
    else this.#fromReplica(tab, topic, request);
  }

  /** There is a connection: what waits is asked for. */
  opened(): void {
    for (const topic of this.#waiting.keys()) this.#parts.follower.want(topic);
    this.#goOn();
  }

  /** There is no connection, and none on its way. */
  offline(): void {
    for (const topic of [...this.#waiting.keys()]) this.asked(topic, false);
    this.#goOn();
  }

  #goOn(): void {
    for (const goOn of this.#connecting.splice(0)) goOn();
  }

  #connected(): Promise<void> | undefined {
    if (this.#parts.line.state.type !== 'connecting') return undefined;
    return new Promise((resolve) => this.#connecting.push(resolve));
  }

  get #offline(): boolean {
    const { type } = this.#parts.line.state;
    return type !== 'open' && type !== 'connecting';
  }

  #holds(topic: Topic): boolean {
    return topic.cursor !== null || !this.#parts.outbox.lanesOf(topic.name).next().done;
  }

  #wait(tab: TabId, topic: Topic, request: number): void {
    const waiting = this.#waiting.get(topic) ?? new Set();
    this.#waiting.set(topic, waiting);
    const cancel = this.#parts.clock.after(this.#parts.patience, () => {
      if (this.#holds(topic) && waiting.delete(one)) this.#fromReplica(tab, topic, request);
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
      this.#fail(tab, request, {
        code: 'unreachable',
        message: `Cannot read ${topic.name}: there is no connection, and nothing is kept of it here`,
      });
  }

  #readRecord(tab: TabId, topic: Topic, read: ReadRequest, record: RecordId): void | Promise<void> {
    const { attrs } = viewOf(topic, this.#parts.outbox, recordKey(record), tab);
    const here =
      read.cache === 'only' ||
      (read.cache === 'network' && topic.synced) ||
      (read.cache === 'first' && attrs);
    return here || this.#offline
      ? this.#recordFromReplica(tab, topic, read, record)
      : this.#ask(tab, topic, read);
  }

  #recordFromReplica(tab: TabId, topic: Topic, { request }: ReadRequest, record: RecordId): void {
    const { attrs } = viewOf(topic, this.#parts.outbox, recordKey(record), tab);
    const message = `${topic.name} has no record ${record}`;
    if (attrs) this.#record(tab, topic, request, record, 'replica', !topic.synced);
    else if (topic.synced) this.#fail(tab, request, { code: 'not-found', message });
    else
      this.#fail(tab, request, {
        code: 'unreachable',
        message: `Cannot read it: there is no connection, and ${message} here`,
      });
  }

  /** One record, or a query's, from the server. */
  async #ask(tab: TabId, topic: Topic, read: ReadRequest): Promise<void> {
    const { request, record, query } = read;
    let answered = false;
    const once = (act: () => void) => {
      if (!answered) act();
      answered = true;
    };
    const cancel = this.#parts.clock.after(this.#parts.patience, () => {
      if (record !== undefined && viewOf(topic, this.#parts.outbox, recordKey(record), tab).attrs)
        once(() => this.#recordFromReplica(tab, topic, read, record));
    });
    try {
      await this.#connected();
      const answer = await this.#parts.line.request('read', {
        topic: read.topic,
        ...(record === undefined ? {} : { record }),
        ...(query === undefined ? {} : { query }),
      });
      if (!topic.synced) this.#learn(topic, record, answer.rows);
      once(() => this.#answerRows(tab, topic, read, answer.rows));
    } catch (error) {
      const failure = error instanceof MedullaError ? error : new MedullaError('bad-message', String(error));
      if (failure.code === 'unreachable' && record !== undefined)
        once(() => this.#recordFromReplica(tab, topic, read, record));
      else once(() => this.#fail(tab, request, failure));
    } finally {
      cancel();
    }
  }

  /** What the server has of a topic that is not followed; a record that was asked for and is not there is forgotten. */
  #learn(topic: Topic, record: RecordId | undefined, rows: readonly Row[]): void {
    const ops = rows.flatMap((row) => topic.learn(row));
    if (record !== undefined && rows.length === 0)
      ops.push(...topic.absorb(recordKey(record), record, null, 0));
    if (ops.length > 0) this.#parts.journal.write(ops, LINGER.replica);
    const keys = record === undefined ? rows.map(([id]) => recordKey(id)) : [recordKey(record)];
    for (const key of keys) this.#parts.outlet.touch(topic.name, key);
  }

  #answerRows(tab: TabId, topic: Topic, { request, record }: ReadRequest, answer: readonly Row[]): void {
    if (record !== undefined) {
      this.#record(tab, topic, request, record, 'network', false);
      return;
    }
    const rows = () =>
      answer.flatMap(([id]): Row[] => {
        const { attrs, version } = viewOf(topic, this.#parts.outbox, recordKey(id), tab);
        return attrs ? [[id, version, attrs]] : [];
      });
    const make = () => ({ type: 'rows', request, rows: rows(), source: 'network', stale: false }) as const;
    this.#parts.outlet.answer(tab, make, topic.name);
  }

  #record(
    tab: TabId,
    topic: Topic,
    request: number,
    record: RecordId,
    source: 'network' | 'replica',
    stale: boolean,
  ): void {
    this.#parts.outlet.answer(
      tab,
      () => {
        const { attrs, version } = viewOf(topic, this.#parts.outbox, recordKey(record), tab);
        if (attrs) return { type: 'rows', request, rows: [[record, version, attrs]], source, stale };
        return {
          type: 'failed',
          request,
          code: 'not-found',
          message: `${topic.name} has no record ${record}`,
          status: STATUS['not-found'],
        };
      },
      topic.name,
    );
  }

  #whole(tab: TabId, topic: Topic, request: number, source: 'network' | 'replica', stale: boolean): void {
    const rows = () => rowsOf(topic, this.#parts.outbox, tab);
    const make = () => ({ type: 'rows', request, rows: rows(), source, stale }) as const;
    this.#parts.outlet.answer(tab, make, topic.name, true);
  }

  #fail(tab: TabId, request: number, { code, message }: { code: string; message: string }): void {
    this.#parts.outlet.answer(tab, () => ({
      type: 'failed',
      request,
      code,
      message,
      status: statusOf(code),
    }));
  }
}
