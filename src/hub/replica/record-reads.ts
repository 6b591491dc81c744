import type { Row } from '../../protocol/change.ts';
import { MedullaError, STATUS } from '../../protocol/errors.ts';
import { type RecordId, recordKey, type TabId } from '../../protocol/ids.ts';
import type { Answers } from '../../protocol/server-down.ts';
import type { ReadRequest } from '../../protocol/tab-up.ts';
import { LINGER } from '../journal.ts';
import { viewOf } from '../view.ts';
import { fail, isOffline, type ReadsParts } from './reads-parts.ts';
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
    const { record } = read;
    if (read.query || record === undefined) return this.#ask(tab, topic, read);
    const { attrs } = viewOf(topic, this.#parts.outbox, recordKey(record), tab);
    const here =
      read.cache === 'only' ||
      (read.cache === 'network' && topic.synced) ||
      (read.cache === 'first' && attrs);
    return here || isOffline(this.#parts.line)
      ? this.#recordFromReplica(tab, topic, read, record)
      : this.#ask(tab, topic, read);
  }

  #recordFromReplica(tab: TabId, topic: Topic, { request }: ReadRequest, record: RecordId): void {
    const { attrs } = viewOf(topic, this.#parts.outbox, recordKey(record), tab);
    const message = `${topic.name} has no record ${record}`;
    if (attrs) this.#record(tab, topic, request, record, 'replica', !topic.synced);
    else if (topic.synced) fail(this.#parts.outlet, tab, request, { code: 'not-found', message });
    else
      fail(this.#parts.outlet, tab, request, {
        code: 'unreachable',
        message: `Cannot read it: there is no connection, and ${message} here`,
      });
  }

  /** One record, or a query's, from the server. */
  async #ask(tab: TabId, topic: Topic, read: ReadRequest): Promise<void> {
    const { request, record } = read;
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
      const { answer, isSure } = await this.#request(topic, read);
      if (!topic.synced) this.#learn(topic, record, answer.rows, isSure);
      once(() => this.#answerRows(tab, topic, read, answer.rows));
    } catch (error) {
      const failure = error instanceof MedullaError ? error : new MedullaError('bad-message', String(error));
      if (failure.code === 'unreachable' && record !== undefined)
        once(() => this.#recordFromReplica(tab, topic, read, record));
      else once(() => fail(this.#parts.outlet, tab, request, failure));
    } finally {
      cancel();
    }
  }

  /** Asks again where a write of ours was applied meanwhile, which the answer may not have. `isSure`: none was. */
  async #request(
    topic: Topic,
    { record, query }: ReadRequest,
  ): Promise<{ answer: Answers['read']; isSure: boolean }> {
    for (let left = AGAIN; ; left--) {
      const { effects } = topic;
      const answer = await this.#parts.line.request('read', {
        topic: topic.name,
        ...(record === undefined ? {} : { record }),
        ...(query === undefined ? {} : { query }),
      });
      const isSure = topic.effects === effects;
      if (isSure || left === 0) return { answer, isSure };
    }
  }

  /** What the server has of a topic that is not followed; a record that was asked for and is not there is forgotten. */
  #learn(topic: Topic, record: RecordId | undefined, rows: readonly Row[], isSure: boolean): void {
    const ops = rows.flatMap((row) => topic.learn(row));
    if (record !== undefined && rows.length === 0 && isSure) ops.push(...topic.unlearn(recordKey(record)));
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

  /** The connection that was being made is there, or will not be. */
  goOn(): void {
    for (const goOn of this.#connecting.splice(0)) goOn();
  }

  #connected(): Promise<void> | undefined {
    if (this.#parts.line.state.type !== 'connecting') return undefined;
    return new Promise((resolve) => this.#connecting.push(resolve));
  }
}
