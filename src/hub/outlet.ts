import type { Alias } from '../protocol/aliases/alias.ts';
import type { MutationId, RecordKey, TabId, Topic } from '../protocol/ids.ts';
import type { Answer, Decided, Settlement } from '../protocol/tab-down.ts';
import type { Entry } from './outbox/entry.ts';

/** `Omit` that keeps a union's members apart. */
export type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What the hub's parts have to tell the tabs. Each is conflated, and goes out with a tab's next batch. */
export interface Outlet {
  /** The record looks different now: to every tab that follows its topic, but not to `except`, whose doing it is. */
  touch(topic: Topic, key: RecordKey, except?: TabId): void;
  /** The server has given the record an id: to every tab, before all else. */
  alias(alias: Alias): void;
  /** How a write stands, to its tab if that lives. */
  settle(id: MutationId, settlement: Without<Settlement, 'n' | 'status'>, lazily?: boolean): void;
  /** What was refused has been decided about: to every tab that follows its topic. */
  decided(decided: Decided): void;
  /** `make` is called when the answer goes out. `whole`: the rows are all that the tab sees of the topic; without `topic` there are none. */
  answer(tab: TabId, make: () => Answer, topic?: Topic, whole?: boolean): void;
  /** Whether the tab is there to be told anything. */
  reaches(tab: TabId): boolean;
  /** An entry of the outbox came, changed or went. */
  item(entry: Entry): void;
  /** The id is not in the outbox any more: another took its place. */
  gone(id: MutationId): void;
  /** The topic's state changed. */
  topic(topic: Topic): void;
  status(): void;
}
