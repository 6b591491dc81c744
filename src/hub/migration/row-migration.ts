import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { type Journal, LINGER } from '../journal.ts';
import type { Topic } from '../replica/topic.ts';
import type { ReplicaRow } from '../storage.ts';
import type { Migrators } from './migrators.ts';
import { madeOf } from './pieces.ts';

export interface RowMigrationParts {
  readonly migrators: Migrators;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

/** Brings the replica's records of a topic to the newest shape that a tab knows. */
export class RowMigration {
  readonly #parts: RowMigrationParts;

  constructor(parts: RowMigrationParts) {
    this.#parts = parts;
  }

  hasOlder(topic: Topic, to: number): boolean {
    return to > 0 && olderRows(topic, to).length > 0;
  }

  /** Whether any was older. Where no tab can do it, the records stay as they are until one comes. */
  async migrate(topic: Topic): Promise<boolean> {
    const { migrators, journal, clock, log } = this.#parts;
    let any = false;
    for (let tab = migrators.newest; tab; tab = migrators.newest) {
      const to = tab.recordVersion;
      const rows = olderRows(topic, to);
      if (rows.length === 0) break;
      const pieces = rows.map(({ attrs, recordVersion: from = 0 }) => ({
        topic: topic.name,
        from,
        partial: false,
        attrs,
      }));
      const made = await migrators.ask(tab, pieces);
      if (!made) continue;
      const next = rows.map((row, i) => {
        const attrs = madeOf(made[i]);
        if (typeof attrs === 'object') return [row, attrs] as const;
        log('error', 'not-migrated', { topic: topic.name, record: row.record, why: attrs });
        return [row, null] as const;
      });
      journal.write(topic.migrate(next, to, clock.now()), LINGER.replica);
      any = true;
    }
    return any;
  }
}

const olderRows = (topic: Topic, to: number): ReplicaRow[] =>
  [...topic.records.values()].filter(({ recordVersion = 0 }) => recordVersion < to);
