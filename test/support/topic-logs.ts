import { afterEntry, type Cursor, type Entry, type Row } from '../../src/protocol/change.ts';
import {
  type Epoch,
  type Mark,
  type RecordId,
  type RecordKey,
  recordKey,
  type Topic,
} from '../../src/protocol/ids.ts';
import type { Answers } from '../../src/protocol/server-down.ts';

/** The records of a server, each topic as its log. */
export class TopicLogs {
  epoch = 'epoch1' as Epoch;
  /** Rows of a snapshot's page. */
  page = Number.POSITIVE_INFINITY;
  readonly #log = new Map<Topic, Entry[]>();

  cursor(topic: Topic, offset = this.log(topic).length): Cursor {
    return { epoch: this.epoch, offset, mark: `${topic}@${offset}` as Mark };
  }

  log(topic: Topic): Entry[] {
    const log = this.#log.get(topic) ?? [];
    this.#log.set(topic, log);
    return log;
  }

  rows(topic: Topic): Row[] {
    const rows = new Map<RecordKey, Row>();
    for (const entry of this.log(topic)) {
      const attrs = afterEntry(rows.get(recordKey(entry[0]))?.[2] ?? null, entry);
      if (attrs) rows.set(recordKey(entry[0]), [entry[0], entry[1], attrs]);
      else rows.delete(recordKey(entry[0]));
    }
    return [...rows.values()].sort((a, b) => (recordKey(a[0]) < recordKey(b[0]) ? -1 : 1));
  }

  /** Somebody else's change: into the log only; `tell` sends what the log holds. Returns its offset. */
  note(topic: Topic, record: RecordId, set: Entry[2], unset: Entry[3] = null, by: Entry[4] = null): number {
    const log = this.log(topic);
    const isMade = set && !log.findLast(([id]) => recordKey(id) === recordKey(record))?.[2];
    return log.push([record, log.length + 1, set, isMade ? '*' : unset, by]);
  }

  pageOf(topic: Topic, after: RecordKey): Answers['page'] {
    const left = this.rows(topic).filter(([record]) => recordKey(record) > after);
    const rows = left.slice(0, this.page);
    const last = rows.at(-1);
    return { rows, next: last && left.length > rows.length ? recordKey(last[0]) : null };
  }

  /** The topic as a backup has it that was taken at this offset: what came afterwards is not there any more. */
  restored(topic: Topic, offset: number): void {
    this.#log.set(topic, this.log(topic).slice(0, offset));
  }

  /** Another database in the place of this one. */
  replaced(epoch: string): void {
    this.epoch = epoch as Epoch;
    this.#log.clear();
  }
}
