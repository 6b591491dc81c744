import type { Log } from '../../base/log.ts';
import type { Entry, Snapshot } from '../../protocol/change.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { type RecordId, type RecordKey, recordKey, type Topic } from '../../protocol/ids.ts';
import type { Hearer } from '../publish/hearers.ts';
import type { Run } from '../publish/run.ts';
import type { Publication } from '../resource/resource.ts';
import { REMOTE } from './lay.ts';
import { Mirror } from './mirror.ts';
import type { ServedCollection, ServedModel } from './served-like.ts';

export interface ServedParts {
  readonly topic: Topic;
  readonly collection: ServedCollection;
  readonly log: Log;
  /** Begins to hear of the topic. Returns what ends it. */
  hear(hearer: Hearer): () => void;
  snapshot(): Promise<Snapshot>;
  publish(changes: readonly Publication[]): Promise<unknown>;
  newId(): RecordId;
  /** Resolves when something that failed is worth another try. */
  pause(): Promise<void>;
}

/** What no second try mends. */
const FINAL: readonly string[] = ['bad-attribute', 'too-large', 'bad-option'];

const isId = (id: unknown): id is RecordId => id !== undefined && id !== null;

/**
 * Keeps a collection and a topic equal. What the store says is set on the models; what is changed on the models is
 * published at the end of the turn. Nothing marks who changed what: a model that looks as the store says has nothing to
 * tell, so that no change comes round again.
 *
 *   collection ──add, remove, change──▶ touched ──end of turn──▶ publish ──▶ store
 *        ▲                                                                     │
 *        └──────────────────────── set, remove (remote) ◀──── each commit ─────┘
 */
export class Served {
  /** Resolves when the collection has what the store has, and the store what the collection had besides. */
  readonly ready: Promise<void>;
  readonly #parts: ServedParts;
  readonly #mirror: Mirror;
  readonly #touched = new Set<RecordKey>();
  /** What was committed above the offset, by the offset that it was made on. */
  readonly #early = new Map<number, Run>();
  /** How far the collection has come; -1: it has nothing of the store yet. */
  #offset = -1;
  /** So it is until the first reading is done. */
  #isReading = true;
  /** What was read before this came to be so is to be read once more. */
  #times = 0;
  #telling: Promise<void> | null = null;
  readonly #ends: (() => void)[] = [];
  #over = false;

  constructor(parts: ServedParts) {
    this.#parts = parts;
    this.#mirror = new Mirror(parts.collection);
    this.#ends.push(parts.hear({ hear: (run) => this.#heard(run), restored: () => this.#restored() }));
    this.ready = this.#begin();
    this.ready.catch((error) => parts.log('error', 'not-served', { topic: parts.topic, error }));
  }

  /** Resolves when all that was changed in the collection so far is in the store, or was taken back here. */
  async settled(): Promise<void> {
    await this.ready;
    while (!this.#over && (this.#touched.size || this.#telling)) await this.#tell();
  }

  /** From now on the collection is the application's alone. Idempotent. */
  stop(): void {
    this.#over = true;
    for (const end of this.#ends.splice(0)) end();
  }

  async #begin(): Promise<void> {
    const { cursor, rows } = await this.#read();
    if (this.#over) return;
    this.#mirror.begin(rows);
    this.#offset = cursor.offset;
    this.#isReading = false;
    this.#catchUp();
    this.#listen();
    for (const model of [...this.#parts.collection.models]) this.#changed(model);
    await this.#tell();
  }

  #listen(): void {
    const { collection } = this.#parts;
    const listen = (name: string, fn: (...args: never[]) => unknown) => {
      collection.on(name, fn);
      this.#ends.push(() => collection.off(name, fn));
    };
    listen('add', (model: ServedModel, of: unknown) => of === collection && this.#changed(model));
    listen('remove', (model: ServedModel, of: unknown) => of === collection && this.#touch(model.id));
    listen('change', (model: ServedModel) => {
      this.#touch(model.previous(model.idAttribute));
      this.#changed(model);
    });
    listen('reset', (of: unknown) => {
      if (of !== collection) return;
      for (const key of this.#mirror.keys()) this.#touch(key);
      for (const model of [...collection.models]) this.#changed(model);
    });
  }

  #changed(model: ServedModel): void {
    if (!isId(model.id)) model.set({ [model.idAttribute]: this.#parts.newId() });
    this.#touch(model.id);
  }

  /** What is under this id is looked at, at the end of the turn. */
  #touch(id: unknown): void {
    if (!isId(id)) return;
    this.#touched.add(recordKey(id));
    if (!this.#telling) this.#tell();
  }

  #tell(): Promise<void> {
    const { log, topic } = this.#parts;
    this.#telling ??= Promise.resolve()
      .then(() => this.#publish())
      .catch((error) => log('error', 'listener-failed', { topic, error }))
      .finally(() => {
        this.#telling = null;
        if (this.#touched.size && !this.#over) this.#tell();
      });
    return this.#telling;
  }

  async #publish(): Promise<void> {
    const keys = [...this.#touched];
    this.#touched.clear();
    const changes: Publication[] = [];
    for (const key of keys) {
      try {
        const wanted = this.#mirror.wanted(key);
        if (wanted) changes.push(wanted);
      } catch (error) {
        this.#takeBack(key, error);
      }
    }
    if (changes.length && !this.#over) await this.#make(changes);
  }

  /** All or nothing is done: where one of several is to blame, each is made alone. */
  async #make(changes: readonly Publication[]): Promise<void> {
    const { publish, log, topic, pause } = this.#parts;
    try {
      await publish(changes);
    } catch (error) {
      const [first, ...others] = changes;
      const isFinal = error instanceof MedullaError && FINAL.includes(error.code);
      if (isFinal && others.length) for (const one of changes) await this.#make([one]);
      else if (isFinal && first) this.#takeBack(recordKey(first.record), error);
      else if (error instanceof MedullaError && error.code === 'unreachable') {
        log('warn', 'not-published', { topic, error });
        this.stop(); // the server is closed
      } else {
        log('error', 'not-published', { topic, error });
        for (const { record } of changes) this.#touched.add(recordKey(record));
        await pause();
      }
    }
  }

  #takeBack(key: RecordKey, error: unknown): void {
    const { log, topic, collection } = this.#parts;
    log('warn', 'taken-back', { topic, record: key, error });
    const model = this.#mirror.takeBack(key);
    // One that is taken out is not heard through its collection any more.
    const teller = model?.collection ? model : collection;
    teller.trigger('error', model ?? collection, error, REMOTE);
  }

  #heard(run: Run): void {
    if (run.to <= this.#offset) return;
    if (run.entries.length === 0) return void this.#readAnew();
    const early = this.#early.get(run.from);
    if (!early || early.to < run.to) this.#early.set(run.from, run);
    if (this.#offset >= 0) this.#catchUp();
  }

  /** In the order of the log, without a gap. A listener of the application's that throws stops nothing. */
  #catchUp(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const offset = this.#offset;
      this.#offset = next.to;
      for (const entry of next.entries) if (entry[1] > offset) this.#apply(entry);
    }
  }

  /** What is known is of another time than what comes. */
  #restored(): void {
    this.#offset = -1;
    this.#early.clear();
    this.#mirror.restored();
    void this.#readAnew();
  }

  async #read(): Promise<Snapshot> {
    const times = this.#times;
    const snapshot = await this.#parts.snapshot();
    return times === this.#times || this.#over ? snapshot : this.#read();
  }

  /** What was missed cannot be told any more, as it is said by a run without entries. */
  async #readAnew(): Promise<void> {
    const { log, topic, pause } = this.#parts;
    this.#times++;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      const { cursor, rows } = await this.#read();
      if (this.#over) return;
      const there = new Set(rows.map(([record]) => recordKey(record)));
      for (const key of [...this.#mirror.keys()])
        if (!there.has(key)) this.#apply([key, cursor.offset, null]);
      for (const [record, version, attrs] of rows) this.#apply([record, version, attrs, '*']);
      this.#offset = Math.max(this.#offset, cursor.offset);
      this.#catchUp();
    } catch (error) {
      log('error', 'not-served', { topic, error });
      void pause().then(() => (this.#over ? undefined : this.#readAnew()));
    } finally {
      this.#isReading = false;
    }
  }

  /** What goes on from here. What is known already is let go. */
  #next(): Run | undefined {
    for (const [from, run] of this.#early) {
      if (from <= this.#offset) this.#early.delete(from);
      if (from <= this.#offset && run.to > this.#offset) return run;
    }
    return undefined;
  }

  #apply(entry: Entry): void {
    const { log, topic } = this.#parts;
    try {
      this.#mirror.apply(entry);
    } catch (error) {
      log('error', 'listener-failed', { topic, error });
      // What other listeners have changed has not been told of.
      this.#touch(entry[0]);
    }
  }
}
