import type { AliasRow, OutboxRow, QueryRow, ReplicaRow, SealRow, TopicRow } from '../../hub/storage.ts';
import type { Boot, RecordKey, Topic } from '../../protocol/ids.ts';

/** What a disk in memory holds. */
export interface DiskRows {
  /** Of the hub that opened it last; `boot` undefined = nobody has. */
  generation: number;
  boot: Boot | undefined;
  protocol: number;
  recordVersion: number;
  seal: SealRow | null;
  token: string | null;
  refilled: boolean;
  readonly outbox: Map<number, OutboxRow>;
  readonly topics: Map<Topic, TopicRow>;
  readonly records: Map<Topic, Map<RecordKey, ReplicaRow>>;
  readonly queries: Map<Topic, Map<string, QueryRow>>;
  readonly aliases: Map<RecordKey, AliasRow>;
}
