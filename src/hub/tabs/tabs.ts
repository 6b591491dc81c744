import type { Alias } from '../../protocol/aliases/alias.ts';
import {
  type MutationId,
  mutationNumber,
  mutationTab,
  type RecordKey,
  type TabId,
  type Topic,
} from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { Answer, Decided, Settlement } from '../../protocol/tab-down.ts';
import { type Entry, idOf } from '../outbox/entry.ts';
import type { Outlet, Without } from '../outlet.ts';
import type { Tab } from './tab.ts';

/** The tabs that are there, and which of them follow what. */
export class Tabs implements Outlet {
  readonly #tabs = new Map<TabId, Tab>();
  #paused = false;
  readonly #followers = new Map<Topic, Set<Tab>>();
  /** Called where the outbox or the line may stand otherwise than before. */
  changed: () => void = () => undefined;

  all(): IterableIterator<Tab> {
    return this.#tabs.values();
  }

  get(id: TabId): Tab | undefined {
    return this.#tabs.get(id);
  }

  /** Nobody is told anything until it is over; who comes meanwhile neither. */
  pause(paused: boolean): void {
    this.#paused = paused;
    for (const tab of this.#tabs.values()) tab.pause(paused);
  }

  add(tab: Tab): void {
    if (this.#paused) tab.pause(true);
    this.#tabs.set(tab.id, tab);
  }

  /** Ends its follows too; returns the topics that nobody follows any more. */
  remove(tab: Tab): Topic[] {
    if (this.#tabs.get(tab.id) === tab) this.#tabs.delete(tab.id);
    return [...tab.follows].filter((topic) => this.release(tab, topic));
  }

  /** How many tabs follow the topic, this one included. */
  follow(tab: Tab, topic: Topic): number {
    tab.follows.add(topic);
    const followers = this.#followers.get(topic) ?? new Set();
    this.#followers.set(topic, followers.add(tab));
    return followers.size;
  }

  /** Whether it was the last follower. */
  release(tab: Tab, topic: Topic): boolean {
    const followers = this.#followers.get(topic);
    tab.follows.delete(topic);
    if (!followers?.delete(tab) || followers.size > 0) return false;
    return this.#followers.delete(topic);
  }

  followers(topic: Topic): number {
    return this.#followers.get(topic)?.size ?? 0;
  }

  touch(topic: Topic, key: RecordKey, except?: TabId): void {
    for (const tab of this.#followers.get(topic) ?? []) if (tab.id !== except) tab.touch(topic, key);
  }

  /** The topics that tabs follow. */
  topics(): IterableIterator<Topic> {
    return this.#followers.keys();
  }

  /** The tabs that follow it. */
  of(topic: Topic): Iterable<Tab> {
    return this.#followers.get(topic) ?? [];
  }

  note(note: Note): void {
    for (const tab of this.#tabs.values()) tab.note(note);
  }

  alias(alias: Alias): void {
    for (const tab of this.#tabs.values()) tab.alias(alias);
  }

  settle(id: MutationId, settlement: Without<Settlement, 'n' | 'status'>, lazily?: boolean): void {
    this.#tabs.get(mutationTab(id))?.settle({ ...settlement, n: mutationNumber(id) }, lazily);
  }

  decided(decided: Decided): void {
    for (const tab of this.#followers.get(decided.mutation.topic) ?? []) tab.decided(decided);
  }

  answer(tab: TabId, make: () => Answer, topic?: Topic, whole?: boolean): void {
    this.#tabs.get(tab)?.answer(make, topic, whole);
  }

  reaches(tab: TabId): boolean {
    return this.#tabs.has(tab);
  }

  item(entry: Entry): void {
    this.gone(idOf(entry));
    this.status();
  }

  gone(id: MutationId): void {
    for (const tab of this.#tabs.values()) tab.item(id);
  }

  topic(topic: Topic): void {
    for (const tab of this.#followers.get(topic) ?? []) tab.topic(topic);
  }

  status(): void {
    this.changed();
    for (const tab of this.#tabs.values()) tab.status();
  }
}
