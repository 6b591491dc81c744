import type { Changes } from '../../protocol/change.ts';
import { type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { ReplicaRow } from '../storage.ts';

interface Known {
  readonly row: ReplicaRow | undefined;
  /** The offset of the last change of the record that is known of. */
  readonly offset: number;
}

/**
 * What was known of above a topic's cursor when the topic was asked for: single records that were read, effects of ours.
 * The answer has to name it; otherwise the server's database was restored from before that, and only the cursor holds.
 */
export class Ahead {
  readonly #known = new Map<RecordKey, Known>();

  /** `effects`: the offsets of those of ours. */
  note(
    offset: number,
    rows: ReadonlyMap<RecordKey, ReplicaRow>,
    effects: ReadonlyMap<RecordKey, number>,
  ): void {
    this.#known.clear();
    for (const row of rows.values())
      if (row.version > offset) this.#known.set(row.key, { row, offset: row.version });
    for (const [key, effect] of effects)
      if (effect > offset) this.#known.set(key, { row: rows.get(key), offset: effect });
  }

  /** Whether something of it has never been, for this server. What has come since says nothing. */
  isPast({ entries }: Pick<Changes, 'entries'>, rows: ReadonlyMap<RecordKey, ReplicaRow>): boolean {
    const named = new Map(entries.map(([record, version]) => [recordKey(record), version]));
    return [...this.#known].some(
      ([key, { row, offset }]) => (named.get(key) ?? 0) < offset && rows.get(key) === row,
    );
  }
}
