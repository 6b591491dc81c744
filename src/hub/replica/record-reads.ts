import { renamed } from '../../protocol/aliases/renamed.ts';
import { errorOf, STATUS } from '../../protocol/errors.ts';
import { isTemporary, type RecordId, recordKey, type TabId } from '../../protocol/ids.ts';
import type { Answers } from '../../protocol/server-down.ts';
import type { ReadRequest } from '../../protocol/tab-up.ts';
import { LINGER } from '../journal.ts';
import type { Op } from '../storage.ts';
import { viewOf } from '../view.ts';
import { isPassing } from './is-passing.ts';
import { type Chosen, queryRows } from './query-rows.ts';
import { fail, isTold, type ReadsParts, topicNow } from './reads-parts.ts';
import type { Topic } from './topic.ts';

/** How often a read is asked again. */
const AGAIN = 2;

/** Answers reads of one record, and of what matches a query. */
export class RecordReads {
  readonly #parts: ReadsParts;
  /** Those that wait for the connection that is being made. */
  readonly #connecting: (() => void)[] = [];

  constructor(parts: ReadsParts) {
    this.#parts = parts;
  }

  read(tab: TabId, topic: Topic, read: ReadRequest): void | Promise<void> {
    const { cache, query, record } = read;
    // Which records match a query, only the server knows.
    const isKnown = isTold(topic, this.#parts.line) && record !== undefined && !query;
    // Of what it has not made, the server knows nothing.
    const here =
      topic.isUnmade ||
      isTemporary(record) ||
      cache === 'only' ||
      (cache === 'network' && isKnown) ||
      (cache === 'first' && this.#holds(tab, topic, read));
    return here || this.#parts.line.isOffline
      ? this.#fromReplica(tab, topic, read)
      : this.#ask(tab, topic, read);
  }

  #holds(tab: TabId, topic: Topic, { record, query = {} }: ReadRequest): boolean {
    if (record === undefined) return topic.queries.get(query) !== undefined;
    return viewOf(topic, this.#parts.outbox, recordKey(record), tab).attrs !== null;
  }

  #fromReplica(tab: TabId, topic: Topic, read: ReadRequest): void {
    const { request, record, query = {} } = read;
    const away = (what: string) =>
      fail(this.#parts.outlet, tab, request, {
        code: 'unreachable',
        message: `Cannot read it: there is no connection, and ${what} here`,
      });
    if (record === undefined) {
      const records = topic.queries.get(query) ?? (topic.isUnmade ? [] : undefined);
      if (records) this.#query(tab, topic, read, { records, fresh: [] }, 'replica');
      else away(`no answer to this query of ${topic.name} is kept`);
      return;
    }
    const message = `${topic.name} has no record ${record}`;
    if (this.#holds(tab, topic, read)) this.#record(tab, topic, request, record, 'replica', !topic.synced);
    else if (topic.synced) fail(this.#parts.outlet, tab, request, { code: 'not-found', message });
    else away(message);
  }

  /** One record, or a query's, from the server. */
  async #ask(tab: TabId, topic: Topic, read: ReadRequest): Promise<void> {
    let answered = false;
    const once = (act: () => void) => {
      if (!answered) act();
      answered = true;
    };
    const cancel = this.#parts.clock.after(this.#parts.patience, () => {
      if (this.#holds(tab, topic, read)) once(() => this.#fromReplica(tab, topic, read));
    });
    try {
      await this.#connected();
      const { answer, isSure } = await this.#request(topic, read);
      const settled = this.#parts.aliases.settled(topic.name);
      if (settled) await settled;
      this.#learn(topic, read, answer, isSure);
      once(() => this.#fromServer(tab, topic, read, answer));
    } catch (error) {
      const failure = errorOf(error);
      const { code } = failure;
      if (code === 'unreachable' || (isPassing(code) && this.#holds(tab, topic, read)))
        once(() => this.#fromReplica(tab, topic, read));
      else {
        if (code === 'forbidden') this.#forbidden(topic, read);
        once(() => fail(this.#parts.outlet, tab, read.request, failure));
      }
    } finally {
      cancel();
    }
  }

  /** Asks again where a write of ours was applied meanwhile, which the answer may not have. `isSure`: none was. */
  async #request(
    topic: Topic,
    { record, query, options }: ReadRequest,
  ): Promise<{ answer: Answers['read']; isSure: boolean }> {
    for (let left = AGAIN; ; left--) {
      const { effects } = topic;
      const answer = await this.#parts.line.request('read', {
        topic: topic.name,
        ...(record === undefined ? {} : { record }),
        ...(query === undefined ? {} : { query }),
        ...(options && { options }),
      });
      const isSure = topic.effects === effects;
      if (isSure || left === 0) return { answer, isSure };
    }
  }

  /** Keeps what the server has; a record that was asked for and is not there is forgotten. Who follows the topic has all of it. */
  #learn(
    topic: Topic,
    { record, query }: ReadRequest,
    { rows, epoch }: Answers['read'],
    isSure: boolean,
  ): void {
    const ops: Op[] = [];
    if (!topic.synced) {
      if (epoch !== undefined) {
        this.#parts.follower.met(topic, epoch);
        // It was judged by other rights than what is kept: back under those, the changes since would not tell of it.
        if (topic.life !== epoch) ops.push(...topic.doubt(this.#parts.clock.now()));
      }
      for (const row of rows) ops.push(...topic.learn(row));
      if (record !== undefined && rows.length === 0 && isSure) ops.push(...topic.unlearn(recordKey(record)));
      const keys = record === undefined ? rows.map(([id]) => recordKey(id)) : [recordKey(record)];
      for (const key of keys) this.#parts.outlet.touch(topic.name, key);
    }
    if (query && record === undefined)
      ops.push(
        ...topic.queries.keep(
          query,
          rows.map(([id]) => id),
        ),
      );
    this.#write(ops);
  }

  /** What may not be read is not kept either. */
  #forbidden(topic: Topic, { record, query = {} }: ReadRequest): void {
    if (record === undefined) this.#write(topic.queries.drop(query));
    else if (!topic.synced) {
      this.#write(topic.unlearn(recordKey(record), this.#parts.clock.now()));
      this.#parts.outlet.touch(topic.name, recordKey(record));
    }
  }

  #write(ops: readonly Op[]): void {
    if (ops.length > 0) this.#parts.journal.write(ops, LINGER.replica);
  }

  #fromServer(tab: TabId, topic: Topic, read: ReadRequest, { rows: fresh, headers }: Answers['read']): void {
    const { record, request } = read;
    if (record !== undefined) this.#record(tab, topic, request, record, 'network', false, headers);
    else this.#query(tab, topic, read, { records: fresh.map(([id]) => id), fresh }, 'network', headers);
  }

  #query(
    tab: TabId,
    topic: Topic,
    { request, query = {}, pending = false }: ReadRequest,
    chosen: Pick<Chosen, 'records' | 'fresh'>,
    source: 'network' | 'replica',
    headers?: Answers['read']['headers'],
  ): void {
    const rows = () =>
      queryRows(topicNow(this.#parts, topic), this.#parts.outbox, tab, { ...chosen, query, pending });
    const stale = source === 'replica';
    this.#parts.outlet.answer(
      tab,
      () => ({ type: 'rows', request, rows: rows(), source, stale, ...(headers && { headers }) }),
      topic.name,
    );
  }

  #record(
    tab: TabId,
    topic: Topic,
    request: number,
    record: RecordId,
    source: 'network' | 'replica',
    stale: boolean,
    headers?: Answers['read']['headers'],
  ): void {
    this.#parts.outlet.answer(
      tab,
      () => {
        const { aliases, outbox } = this.#parts;
        const now = renamed(record, aliases.real());
        const { attrs, version } = viewOf(topicNow(this.#parts, topic), outbox, recordKey(now), tab);
        const more = headers && { headers };
        if (attrs) return { type: 'rows', request, rows: [[now, version, attrs]], source, stale, ...more };
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

  /** The connection that was being made is there, or will not be. */
  goOn(): void {
    for (const goOn of this.#connecting.splice(0)) goOn();
  }

  #connected(): Promise<void> | undefined {
    if (this.#parts.line.state.type !== 'connecting') return undefined;
    return new Promise((resolve) => this.#connecting.push(resolve));
  }
}
