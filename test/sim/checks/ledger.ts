import type { Attributes } from '../../../src/protocol/attributes.ts';
import { afterEntry, type Row } from '../../../src/protocol/change.ts';
import {
  type Epoch,
  isTemporary,
  type MutationId,
  type RecordId,
  type RecordKey,
  recordKey,
  type Topic,
  type UserId,
} from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import { isEffect, isFinal, type Receipt } from '../../../src/protocol/receipt.ts';
import type { StoreChange } from '../../../src/server/store.ts';
import type { ModelRecord } from '../model/reference.ts';
import type { HubRun } from '../world/device.ts';
import { Rights, type Role, SHARES, sees } from '../world/rights.ts';

export const PROMISES = [
  'P1',
  'P2',
  'P3',
  'P4',
  'P5',
  'P6',
  'P7',
  'P8',
  'P9',
  'P10',
  'meant',
  'flicker',
  'settled',
  'whole',
  'sight',
  'sound',
] as const;
export type PromiseName = (typeof PROMISES)[number];

/** All that is known about one write, over all the tabs, hubs and disks that it went through. */
export interface WriteFact {
  readonly mutation: Mutation;
  readonly device: string;
  /** A hub told its tab that it is durable. */
  queued: boolean;
  /** It was on its device's disk. */
  onDisk: boolean;
  /** The server's final word, as its store holds it. */
  receipt: Receipt | undefined;
  /** How often it changed something on the server. */
  effects: number;
  /** The hubs that sent it. */
  readonly pushedBy: Set<HubRun>;
  decided: string | undefined;
  /** It had the word of a server's database that is gone. */
  before: boolean;
}

export interface HistoryStep {
  readonly offset: number;
  readonly mark: string;
  readonly key: RecordKey;
  readonly attrs: Attributes | null;
  /** The writes that caused it. */
  readonly by: readonly MutationId[];
}

/** What really happened, as the checks see it, and what they found. */
export class Ledger {
  readonly writes = new Map<MutationId, WriteFact>();
  /** Those that came from a tab. */
  readonly handed = new Set<MutationId>();
  /** Every change that the server ever made, whatever its log still holds. */
  readonly history = new Map<Topic, HistoryStep[]>();
  /** The changes of databases that are gone, and those that a backup which was brought back does not have. */
  readonly gone = new Map<Topic, HistoryStep[]>();
  readonly records = new Map<Topic, Map<RecordKey, Row>>();
  /** The server's records as the reference model has them. */
  readonly model = new Map<Topic, Map<RecordKey, ModelRecord>>();
  /** The ids that the server gave, by the temporary ones; and the other way round, by topic and id. */
  readonly ids = new Map<string, RecordId>();
  readonly #temporaries = new Map<string, RecordKey>();
  readonly #twice = new Set<string>();
  /** How often each promise was really put to the test. */
  readonly checked = Object.fromEntries(PROMISES.map((name) => [name, 0])) as Record<PromiseName, number>;
  readonly failures: string[] = [];
  epoch: Epoch | undefined;
  readonly rights = new Rights();
  /** How many there have been. */
  databases = 0;
  /** Its database is one that was there before: hubs may hold what it has never heard of. */
  isRestored = false;
  readonly #said: (text: string) => void;

  constructor(said: (text: string) => void) {
    this.#said = said;
  }

  check(promise: PromiseName, holds: boolean, failure: () => string): void {
    this.checked[promise] += 1;
    if (holds) return;
    const text = `${promise}: ${failure()}`;
    this.failures.push(text);
    this.#said(text);
  }

  fact(mutation: Mutation, hub: HubRun): WriteFact {
    const known = this.writes.get(mutation.id);
    if (known) return known;
    const fact: WriteFact = {
      mutation,
      device: hub.device.name,
      queued: false,
      onDisk: false,
      receipt: undefined,
      effects: 0,
      pushedBy: new Set(),
      decided: undefined,
      before: false,
    };
    this.writes.set(mutation.id, fact);
    return fact;
  }

  /** The server has made the record of a write. */
  made({ topic, record }: Pick<Mutation, 'topic' | 'record'>, id: RecordId): void {
    if (!isTemporary(record)) return;
    this.ids.set(record, id);
    // Another database gives it to another: the first name stands, for what was written under it before.
    const name = `${topic} ${id}`;
    const first = this.#temporaries.get(name) ?? recordKey(record);
    this.#temporaries.set(name, first);
    if (first !== record) this.#twice.add(name);
  }

  /** A server that lost its database, or some of it, has given the number once more: to whoever had the first, it is two records'. */
  isTwo({ topic, record }: Pick<Mutation, 'topic' | 'record'>): boolean {
    return this.#twice.has(`${topic} ${this.ids.get(String(record)) ?? record}`);
  }

  /** One name for a record that has had two. */
  named({ topic, record }: Pick<Mutation, 'topic' | 'record'>): string {
    return `${topic} ${this.#temporaries.get(`${topic} ${record}`) ?? record}`;
  }

  /** Whether a hub named it, when its user had a refused write tried again. */
  isAgain(id: MutationId): boolean {
    return !this.handed.has(id);
  }

  /** Follows the server's records from its changes alone. */
  changed({ topic, cursor, entry }: StoreChange): void {
    const key = recordKey(entry[0]);
    const rows = this.records.get(topic) ?? new Map<RecordKey, Row>();
    this.records.set(topic, rows);
    const attrs = afterEntry(rows.get(key)?.[2] ?? null, entry);
    if (attrs) rows.set(key, [entry[0], cursor.offset, attrs]);
    else rows.delete(key);
    const steps = this.history.get(topic) ?? [];
    this.history.set(topic, steps);
    steps.push({ offset: cursor.offset, mark: cursor.mark, key, attrs, by: entry[4] ?? [] });
  }

  /** The server has another database: what the old one held is no more, and what it said was said elsewhere. */
  anew(epoch: Epoch): void {
    this.databases += 1;
    this.epoch = epoch;
    for (const [topic, steps] of this.history) this.#lost(topic, steps);
    this.history.clear();
    this.records.clear();
    this.model.clear();
    for (const fact of this.writes.values()) {
      fact.before ||= fact.receipt !== undefined;
      fact.receipt = undefined;
      fact.effects = 0;
    }
  }

  /** What it takes to know the server's database again as it is now: what came since is no more. */
  backup(): () => void {
    const ends = new Map([...this.history].map(([topic, steps]) => [topic, steps.length]));
    const known = new Set([...this.writes].flatMap(([id, { receipt }]) => (receipt ? [id] : [])));
    return () => {
      this.isRestored = true;
      for (const [topic, steps] of this.history) {
        this.#lost(topic, steps.splice(ends.get(topic) ?? 0));
        const rows = this.at(topic, Number.POSITIVE_INFINITY);
        this.model.set(topic, rows);
        this.records.set(
          topic,
          new Map([...rows].map(([key, { version, attrs }]) => [key, [key, version, attrs]])),
        );
      }
      for (const [id, fact] of this.writes) {
        if (known.has(id)) continue;
        fact.before ||= fact.receipt !== undefined;
        fact.receipt = undefined;
        fact.effects = 0;
      }
    };
  }

  #lost(topic: Topic, steps: readonly HistoryStep[]): void {
    this.gone.set(topic, [...(this.gone.get(topic) ?? []), ...steps]);
  }

  /** Of a topic's records, those that the user sees under the role. */
  seen<R extends { readonly attrs: Attributes }>(
    rows: ReadonlyMap<RecordKey, R>,
    topic: Topic,
    user: UserId,
    role: Role = this.rights.role(user),
  ): ReadonlyMap<RecordKey, R> {
    if (topic !== SHARES) return rows;
    return new Map([...rows].filter(([, { attrs }]) => sees(user, role, attrs)));
  }

  /** The topic's records as they were at this offset. */
  at(topic: Topic, offset: number): Map<RecordKey, { readonly version: number; readonly attrs: Attributes }> {
    const rows = new Map<RecordKey, { readonly version: number; readonly attrs: Attributes }>();
    for (const step of this.history.get(topic) ?? []) {
      if (step.offset > offset) break;
      if (step.attrs) rows.set(step.key, { version: step.offset, attrs: step.attrs });
      else rows.delete(step.key);
    }
    return rows;
  }
}

/** For good: nothing came of it. */
export const isRefused = ({ receipt }: WriteFact): boolean =>
  receipt !== undefined && isFinal(receipt) && !isEffect(receipt) && receipt.type !== 'withdrawn';

export const describe = ({ id, method, topic, record, set, unset }: Mutation) =>
  `${id} ${method} ${topic} ${record} ${JSON.stringify(set)}${unset.length ? ` unset ${unset}` : ''}`;
