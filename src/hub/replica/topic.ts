import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { afterEntry, type Changes, type Cursor, type LiveChanges, type Row } from '../../protocol/change.ts';
import {
  type Epoch,
  isUnderTemporary,
  type Mark,
  type RecordKey,
  recordKey,
  type Topic as TopicName,
} from '../../protocol/ids.ts';
import type { Op, ReplicaRow } from '../storage.ts';
import { type Absorbed, remember } from './absorbed.ts';
import type { Applied, Changed } from './applied.ts';
import type { Following } from './following.ts';
import { Queries } from './queries.ts';

/** A mark that no log has: the cursor holds nowhere, and a snapshot follows. */
const DOUBT = '?' as Mark;

/** The confirmed records of one topic, in memory, up to its cursor. */
export class Topic {
  readonly name: TopicName;
  readonly records = new Map<RecordKey, ReplicaRow>();
  /** Null = the records are not the whole topic: single ones that were read. */
  cursor: Cursor | null = null;
  following: Following = { type: 'idle' };
  /** It has been caught up since this hub began: nobody has been shown more by an earlier one. */
  current = false;
  /** What a call said beside that it is to be read: the last one that did. */
  asked: { readonly options?: Attributes } = {};
  /** How many tabs follow it. */
  followers = 0;
  /** The offsets of effects of ours that the cursor has not reached: a read's answer that is older says nothing of those records. */
  readonly absorbed: Absorbed = new Map();
  /** How many effects of ours there were while it was not followed. */
  effects = 0;
  /** Changes that came while it was asked for, to be applied after the answer. */
  early: LiveChanges[] = [];
  /** It is under a record that the server has not made yet: all that there is of it is here. */
  readonly isUnmade: boolean;
  readonly #shape: { readonly recordVersion: number };
  /** Single records that an earlier hub read, in who knows which life of the database: their versions say nothing. */
  readonly doubted = new Set<RecordKey>();
  /** What the server answered its queries with. */
  readonly queries: Queries;
  /** The life of the server's database that its single records are from; null = nothing was read yet. */
  #life: Epoch | null = null;
  /** What is newer than the cursor. */
  readonly #ahead = new Set<RecordKey>();

  /** `shape`: that of what the server tells now. */
  constructor(name: TopicName, shape: { readonly recordVersion: number } = { recordVersion: 0 }) {
    this.name = name;
    this.queries = new Queries(name);
    this.#shape = shape;
    this.isUnmade = isUnderTemporary(name);
  }

  get synced(): boolean {
    return this.isUnmade || this.following.type === 'live';
  }

  /** Whether there is something to show, be it that there is nothing. */
  get loaded(): boolean {
    return this.isUnmade || this.cursor !== null;
  }

  /** The life of the server's database that it is from, as far as is known. */
  get life(): Epoch | null {
    return this.cursor?.epoch ?? this.#life;
  }

  set life(epoch: Epoch | null) {
    this.#life = epoch;
  }

  attrs(key: RecordKey): Attributes | null {
    return this.records.get(key)?.attrs ?? null;
  }

  /** The cursor is not to be believed any more: the next catch-up has to be a whole one. Returns how the next hub knows. */
  doubt(now: number): Op[] {
    if (this.cursor) this.cursor = { ...this.cursor, mark: DOUBT };
    return this.#kept(now);
  }

  /**
   * Applies changes on top of those before them, all or nothing. Live changes follow one another; a catch-up has one
   * entry a record and may begin before the cursor: what is known already is skipped, by the cursor and by the row's
   * own version (a snapshot's row may be newer than the snapshot).
   */
  apply(changes: Changes | LiveChanges, now: number): Applied {
    if (!this.cursor || this.cursor.mark === DOUBT || changes.from > this.cursor.offset)
      return { type: 'gap' };
    const { to, mark } = changes;
    const { epoch, offset } = this.cursor;
    if ('epoch' in changes && changes.epoch !== epoch) return { type: 'gap' };
    const changed = new Map<RecordKey, Attributes | null>();
    const ops: Op[] = [];
    if (to <= offset) return { type: 'applied', changed, ops };
    // First, so that what is put is not ahead of it.
    this.cursor = { epoch, offset: to, mark };
    for (const entry of changes.entries) {
      const [record, version] = entry;
      const key = recordKey(record);
      const row = this.records.get(key);
      if (version <= offset || (row && version < row.version)) continue;
      if (!changed.has(key)) changed.set(key, row?.attrs ?? null);
      const attrs = afterEntry(row?.attrs ?? null, entry);
      // A part that is laid on an older shape makes no newer one of it.
      const under = entry[3] === '*' ? undefined : row;
      if (attrs) ops.push(this.#put({ topic: this.name, key, record, version, attrs }, under));
      else ops.push(this.#delete(key));
    }
    for (const key of this.#ahead) {
      const row = this.records.get(key);
      if (row && row.version > to) continue;
      this.#ahead.delete(key);
      // Who may see it would have been told of it.
      if (!row || changed.has(key)) continue;
      changed.set(key, row.attrs);
      ops.push(this.#delete(key));
    }
    ops.push(...this.#moved(to, now));
    return { type: 'applied', changed, ops };
  }

  /** Puts a snapshot in place of what was there. */
  replace(rows: readonly Row[], cursor: Cursor, now: number): { changed: Changed; ops: Op[] } {
    const changed = new Map<RecordKey, Attributes | null>(this.#all());
    this.records.clear();
    this.#ahead.clear();
    this.cursor = cursor;
    const ops: Op[] = [{ type: 'clearTopic', topic: this.name }];
    for (const [record, version, attrs] of rows) {
      const key = recordKey(record);
      const before = changed.get(key);
      if (before && equalJson(before, attrs)) changed.delete(key);
      else changed.set(key, before ?? null);
      ops.push(this.#put({ topic: this.name, key, record, version, attrs }));
    }
    ops.push(...this.#moved(cursor.offset, now), ...this.queries.all());
    return { changed, ops };
  }

  /** One record as the server has it, while the topic is not followed or has not come so far. Older versions than held are ignored. */
  learn([record, version, attrs]: Row): Op[] {
    const key = recordKey(record);
    const held = this.doubted.has(key) ? 0 : this.records.get(key)?.version;
    const known = Math.max(held ?? 0, this.absorbed.get(key) ?? 0);
    return known > version ? [] : [this.#put({ topic: this.name, key, record, version, attrs })];
  }

  /** The server does not have the record; `now`: or does not show it now, so that the next catch-up has to be a whole one. */
  unlearn(key: RecordKey, now?: number): Op[] {
    const ops = this.records.has(key) ? [this.#delete(key)] : [];
    return ops[0] && now ? [...ops, ...this.doubt(now)] : ops;
  }

  /** The effect of a write of ours on a topic that is not followed. The cursor stays, and with one the version: a later catch-up lays what others did under it. */
  absorb(key: RecordKey, record: ReplicaRow['record'], attrs: Attributes | null, offset: number): Op[] {
    const row = this.records.get(key);
    const version = (this.cursor && row?.version) ?? offset;
    if (!attrs) return row ? [this.#delete(key)] : [];
    return [this.#put({ topic: this.name, key, record, version, attrs }, row)];
  }

  /** A write of ours was applied at this offset, whatever is held of the record: an answer that was asked for before may not have it. */
  effect(key: RecordKey, offset: number, now: number): Op[] {
    remember(this.absorbed, key, offset);
    this.effects++;
    return this.#kept(now);
  }

  /**
   * Puts records of an older shape as somebody made them of it, in their place; null = they cannot be. Those that have
   * changed since stay. What the server has is asked for as a whole, once it can be.
   */
  migrate(
    made: Iterable<readonly [before: ReplicaRow, attrs: Attributes | null]>,
    recordVersion: number,
    now: number,
  ): Op[] {
    const ops: Op[] = [];
    for (const [before, attrs] of made) {
      if (this.records.get(before.key) !== before) continue;
      const row = { ...before, attrs: attrs ?? {}, recordVersion };
      ops.push(attrs ? this.#put(row, row) : this.#delete(before.key));
    }
    return [...ops, ...this.doubt(now)];
  }

  /** The steps that write it anew. */
  anew(now: number): Op[] {
    return [
      { type: 'clearTopic', topic: this.name },
      ...[...this.records.values()].map((row): Op => ({ type: 'putRecord', row })),
      ...this.queries.all(),
      ...this.#kept(now),
    ];
  }

  get isEmpty(): boolean {
    return !this.cursor && this.records.size === 0;
  }

  /** Forgets all of it. */
  forget(): { changed: Changed; ops: Op[] } {
    const changed = new Map(this.#all());
    this.records.clear();
    this.absorbed.clear();
    this.queries.clear();
    this.cursor = null;
    return { changed, ops: [{ type: 'clearTopic', topic: this.name }] };
  }

  *#all(): Iterable<[RecordKey, Attributes]> {
    for (const { key, attrs } of this.records.values()) yield [key, attrs];
  }

  /** `under`: what it is made of has a shape already. */
  #put(given: ReplicaRow, under?: ReplicaRow): Op {
    const { recordVersion = 0 } = under ?? this.#shape;
    const row = recordVersion ? { ...given, recordVersion } : given;
    this.records.set(row.key, row);
    this.doubted.delete(row.key);
    if (this.cursor && row.version > this.cursor.offset) this.#ahead.add(row.key);
    return { type: 'putRecord', row };
  }

  #delete(key: RecordKey): Op {
    this.records.delete(key);
    return { type: 'deleteRecord', topic: this.name, key };
  }

  #moved(to: number, now: number): Op[] {
    for (const [key, offset] of this.absorbed) if (offset <= to) this.absorbed.delete(key);
    return this.#kept(now);
  }

  /** On the disk a cursor is doubted while effects above it are known: whether a restored database has them, the next hub could not tell. */
  #kept(now: number): Op[] {
    const { name: topic, cursor, absorbed } = this;
    if (!cursor) return [];
    const row = { topic, cursor: absorbed.size ? { ...cursor, mark: DOUBT } : cursor, syncedAt: now };
    return [{ type: 'putTopic', row }];
  }
}
