import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { RecordId, Topic } from '../../protocol/ids.ts';
import type { Op, QueryRow } from '../storage.ts';

/** So many queries of a topic are kept; those that were answered longest ago go. */
const KEPT = 20;

/** The same text for the same query, whatever the order of its names. */
const textOf = (query: Attributes): string =>
  JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Which records the server answered the queries of a topic with, the oldest answer first: what there is of them offline. */
export class Queries {
  readonly #topic: Topic;
  readonly #rows = new Map<string, QueryRow>();

  constructor(topic: Topic) {
    this.#topic = topic;
  }

  load(rows: readonly QueryRow[]): void {
    for (const row of [...rows].sort((a, b) => a.order - b.order)) this.#rows.set(row.query, row);
  }

  get(query: Attributes): readonly RecordId[] | undefined {
    return this.#rows.get(textOf(query))?.records;
  }

  keep(query: Attributes, records: readonly RecordId[]): Op[] {
    const text = textOf(query);
    const before = [...this.#rows.values()];
    const last = before.at(-1);
    if (last?.query === text && equalJson(last.records, records)) return [];
    const row: QueryRow = { topic: this.#topic, query: text, records, order: (last?.order ?? 0) + 1 };
    this.#rows.delete(text);
    this.#rows.set(text, row);
    const old = before.slice(0, Math.max(0, this.#rows.size - KEPT)).filter((one) => one.query !== text);
    return [{ type: 'putQuery', row }, ...old.map(({ query }) => this.#delete(query))];
  }

  /** It may not be read any more. */
  drop(query: Attributes): Op[] {
    const text = textOf(query);
    return this.#rows.has(text) ? [this.#delete(text)] : [];
  }

  /** The steps that put them all on a disk. */
  all(): Op[] {
    return [...this.#rows.values()].map((row) => ({ type: 'putQuery', row }));
  }

  clear(): void {
    this.#rows.clear();
  }

  #delete(query: string): Op {
    this.#rows.delete(query);
    return { type: 'deleteQuery', topic: this.#topic, query };
  }
}
