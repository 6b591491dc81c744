import type { Attributes, Image } from '../../protocol/attributes.ts';
import type { Cursor, Entry, LiveChanges } from '../../protocol/change.ts';
import { type ErrorCode, MedullaError } from '../../protocol/errors.ts';
import { type Mark, type RecordId, recordKey, type Topic } from '../../protocol/ids.ts';
import type { Answers, Followed } from '../../protocol/server-down.ts';
import type { Requests } from '../../protocol/server-up.ts';
import { HeldChanges } from './held-changes.ts';
import { type Call, EPOCH, idNameOf, type LinkParts } from './link-parts.ts';
import { laid, type Mirror, type Step } from './mirror.ts';
import { Mirrors } from './mirrors.ts';
import { rowOf, rowsOf } from './rows-of.ts';
import type { WireAnswer, WireChange } from './wire.ts';

export interface TopicsListener {
  follow(topic: Topic, options: Attributes): Promise<void>;
  release(topic: Topic): void;
  tell(changes: LiveChanges): void;
  /** It can be followed no more, or not now: it is to be asked for again. */
  denied(topic: Topic, code: ErrorCode, message: string): void;
  mark(offset: number): Mark;
}

type Wanted = Requests['follow']['topics'][number];
type Read = Requests['read'];

/** What the server has of a topic, and what its answer said beside it. */
interface TopicRead {
  readonly rows: readonly Image[];
  readonly more: { readonly headers: Attributes } | undefined;
}

const READ = { method: 'read', attrs: null, was: null, key: null } as const;

/** What one link knows of the topics: those that are followed whole, and of others what was read or written last. */
export class DialectTopics {
  readonly #parts: LinkParts;
  readonly #call: Call;
  readonly #listener: TopicsListener;
  readonly #mirrors: Mirrors;
  /** Topics that are read again, and with what. */
  readonly #options = new Map<Topic, Attributes>();
  readonly #turns = new Map<Topic, Promise<unknown>>();
  readonly #reading = new Map<Topic, { again: boolean }>();
  readonly #held = new HeldChanges(this);

  constructor(parts: LinkParts, call: Call, listener: TopicsListener) {
    this.#parts = parts;
    this.#mirrors = new Mirrors(parts.next);
    this.#call = call;
    this.#listener = listener;
  }

  mirror(topic: Topic): Mirror {
    return this.#mirrors.of(topic);
  }

  /** How a follow begins: with all of it; where it is followed already, with what is different now, which goes as a change. */
  async follow({ topic, cursor, live, options = {} }: Wanted): Promise<Followed> {
    const mirror = this.mirror(topic);
    const told = mirror.isWhole ? mirror.offset : null;
    this.#options.set(topic, options);
    try {
      if (live && !mirror.isLive) {
        mirror.release();
        mirror.isLive = true;
        await this.#listener.follow(topic, options);
      }
      const { rows, more } = await this.#read(topic, mirror);
      if (!mirror.isLive) return { ...this.#snapshot(topic, rows), ...more };
      if (cursor && this.#isHere(cursor, told)) {
        const { offset, mark } = cursor;
        const changes = { topic, epoch: EPOCH, from: offset, to: offset, mark, entries: [] };
        return { type: 'changes', topic, changes, ...more };
      }
      return { ...this.#snapshot(topic, mirror.records.values(), mirror.offset), ...more };
    } catch (error) {
      if (!(error instanceof MedullaError) || error.code === 'unreachable') throw error;
      if (live) this.release(topic);
      return { type: 'denied', topic, code: error.code, message: error.message };
    }
  }

  release(topic: Topic): void {
    const mirror = this.#mirrors.known(topic);
    if (!mirror?.isLive) return;
    mirror.release();
    this.#options.delete(topic);
    this.#listener.release(topic);
  }

  /** One record, or those that a query finds. What is read is as new as the moment at which it was asked for. */
  async read({ topic, record, query, options = {} }: Read): Promise<Answers['read']> {
    const version = this.#parts.next();
    const mirror = this.mirror(topic);
    const { content, headers } = await this.#ask(topic, record ?? null, query ?? null, options).catch(
      (error: unknown): WireAnswer => {
        const isGone = error instanceof MedullaError && /^(not-found|gone)$/.test(error.code);
        if (!isGone || record === undefined) throw error;
        mirror.unlearn(record);
        return { content: null };
      },
    );
    const found =
      record === undefined
        ? rowsOf(content, this.#idName(topic))
        : rowOf(record, content, this.#idName(topic));
    for (const row of found) mirror.learn({ ...row, version });
    const rows = found.map(({ record, attrs }) => [record, version, attrs] as const);
    return { rows, ...(headers && { headers }) };
  }

  /** The record as it is known here, or else at the server; null = it has none. */
  async whole(topic: Topic, record: RecordId, options: Attributes): Promise<Attributes | null> {
    const mirror = this.mirror(topic);
    const known = () => mirror.records.get(recordKey(record))?.attrs;
    const attrs = known();
    if (attrs || mirror.isWhole) return attrs ?? null;
    const read = await this.read({ topic, record, options });
    return known() ?? read.rows[0]?.[2] ?? null;
  }

  changed(change: WireChange): void {
    const { topic, record, attrs, whole } = change;
    const mirror = this.#mirrors.known(topic);
    const isHeld = !mirror?.records.has(recordKey(record)) && this.#held.hold(change);
    if (mirror && !isHeld) this.lay(topic, [record, attrs, whole ? '*' : null]);
  }

  /** A create is on its way, of which the server gives the id. Returns what is to be called once it is told. */
  creating(topic: Topic): () => void {
    return this.#held.creating(topic);
  }

  /** Lays a step on the topic, and tells of it. `by`: the writes that it comes from, which are told of in any case. */
  lay(topic: Topic, step: Step, by: Entry[4] = null): number {
    const mirror = this.mirror(topic);
    const offset = this.#parts.next();
    const [record, set, unset] = step;
    const entry = mirror.lay(step, offset) ?? (by ? ([record, offset, set, unset] as const) : null);
    if (entry && mirror.isWhole) {
      const [id, at, attrs, gone] = entry;
      this.#tell(topic, mirror, [by ? [id, at, attrs, gone ?? null, by] : entry]);
    }
    return offset;
  }

  /** What is known of it may be older than what was told of it. */
  doubt(topic: Topic): void {
    const mirror = this.#mirrors.known(topic);
    if (mirror?.isLive) void this.stale(topic);
    else mirror?.records.clear();
  }

  /** Reads it again, and tells what is different. What asks for it meanwhile is served by one more time. */
  async stale(topic: Topic): Promise<void> {
    const mirror = this.#mirrors.known(topic);
    const running = this.#reading.get(topic);
    if (running) running.again = true;
    if (!mirror?.isLive || running) return;
    const reading = { again: true };
    this.#reading.set(topic, reading);
    try {
      while (reading.again && mirror.isLive) {
        reading.again = false;
        await this.#read(topic, mirror);
      }
    } catch (error) {
      this.#parts.log('info', 'not-read-again', { topic, error: String(error) });
      const { code, message } =
        error instanceof MedullaError ? error : new MedullaError('internal', String(error));
      if (code === 'unreachable' || !mirror.isLive) return;
      // What is held must not pass for what the server has.
      this.release(topic);
      this.#listener.denied(topic, code, message);
    } finally {
      this.#reading.delete(topic);
    }
  }

  /** All of it, one read after the other: an older answer is never laid over a newer one. */
  #read(topic: Topic, mirror: Mirror): Promise<TopicRead> {
    const read = (this.#turns.get(topic) ?? Promise.resolve()).then(() => this.#readNow(topic, mirror));
    const turn = read.catch(() => undefined);
    this.#turns.set(topic, turn);
    void turn.then(() => this.#turns.get(topic) === turn && this.#turns.delete(topic));
    return read;
  }

  /** Of a topic that is followed, what is different is told. */
  async #readNow(topic: Topic, mirror: Mirror): Promise<TopicRead> {
    const version = this.#parts.next();
    const log = mirror.log();
    try {
      const { content, headers } = await this.#ask(topic, null, null, this.#options.get(topic) ?? {});
      const more = headers && { headers };
      const now = laid(rowsOf(content, this.#idName(topic), mirror.isList), log.steps, version);
      if (mirror.isWhole) this.#held.hide(topic, now, mirror.records);
      const rows = [...now.values()];
      if (!mirror.isLive) {
        // What is written next needs no reading first: as stock Backbone, it is laid on what was read last.
        for (const row of rows) mirror.learn(row);
        return { rows, more };
      }
      const isFirst = !mirror.isWhole;
      const entries = mirror.replace(now, this.#parts.next);
      if (isFirst) mirror.offset = this.#parts.next();
      else if (entries.length > 0) this.#tell(topic, mirror, entries);
      return { rows, more };
    } finally {
      log.end();
    }
  }

  #ask(
    topic: Topic,
    record: RecordId | null,
    query: Attributes | null,
    options: Attributes,
  ): Promise<WireAnswer> {
    const idAttribute = this.#idName(topic);
    return this.#call({ ...READ, topic, record, idAttribute, query, options });
  }

  #snapshot(topic: Topic, held: Iterable<Image>, offset = this.#parts.next()): Followed {
    const rows = Array.from(held, ({ record, version, attrs }) => [record, version, attrs] as const);
    const cursor = { epoch: EPOCH, offset, mark: this.#listener.mark(offset) };
    return { type: 'snapshot', topic, cursor, rows, next: null };
  }

  #tell(topic: Topic, mirror: Mirror, entries: readonly Entry[]): void {
    const from = mirror.offset;
    const to = this.#parts.next();
    mirror.offset = to;
    this.#listener.tell({ topic, from, to, mark: this.#listener.mark(to), entries });
  }

  /** Whether it has come to where what was told ends. */
  #isHere({ epoch, offset, mark }: Cursor, told: number | null): boolean {
    return epoch === EPOCH && offset === told && mark === this.#listener.mark(offset);
  }

  #idName(topic: Topic): string {
    return idNameOf(this.#parts, topic);
  }
}
