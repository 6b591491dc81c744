import type { Epoch, Topic as TopicName } from '../../protocol/ids.ts';
import type { Op, Opened, Storage, TopicRow } from '../storage.ts';
import { distrust } from './distrust.ts';
import { Topic } from './topic.ts';

/**
 * The topics that this hub has had to do with, in memory, each read from the disk at its first mention. What is on the
 * disk follows through the journal.
 */
export class Replica {
  #storage: Storage;
  readonly #kept: Map<TopicName, TopicRow>;
  readonly #topics = new Map<TopicName, Topic>();
  readonly #loading = new Map<TopicName, Promise<Topic>>();
  readonly #migrate: (topic: Topic) => Promise<unknown>;
  #node: string | undefined;
  /** The newest shape of records that this database has met: what comes from the server is taken to have it. */
  recordVersion: number;

  /** `migrate` brings what was read from the disk to the newest shape, before anybody sees it. */
  constructor(
    storage: Storage,
    { topics, recordVersion = 0 }: Pick<Opened, 'topics' | 'recordVersion'>,
    migrate: (topic: Topic) => Promise<unknown>,
  ) {
    this.#storage = storage;
    this.#kept = new Map(topics.map((row) => [row.topic, row]));
    this.#migrate = migrate;
    this.recordVersion = recordVersion;
  }

  /** The topic if it is in memory. */
  get(name: TopicName): Topic | undefined {
    return this.#topics.get(name);
  }

  topics(): IterableIterator<Topic> {
    return this.#topics.values();
  }

  /** The epoch that the topic's cursor is in, here or on the disk; null = it has none. */
  epoch(name: TopicName): Epoch | null {
    const topic = this.#topics.get(name) ?? this.#kept.get(name);
    return topic?.cursor?.epoch ?? null;
  }

  /** A connection to this process of the server's. */
  met(node: string | undefined): void {
    if (node !== this.#node) for (const topic of this.#topics.values()) distrust(topic);
    this.#node = node;
  }

  /** Nobody means it any more. */
  drop(name: TopicName): void {
    this.#topics.delete(name);
    this.#loading.delete(name);
  }

  /** The topic, read from the disk if this is its first mention. The cursor comes with the records: it holds for them alone. A disk that cannot be read counts as empty. */
  load(name: TopicName): Promise<Topic> {
    const loading = this.#loading.get(name) ?? this.#read(name);
    this.#loading.set(name, loading);
    return loading;
  }

  /**
   * There is a disk after all, with this on it. What is empty here is filled from there; what is not is newer, and
   * stays. Returns what is known of the topics that were filled.
   */
  async found(storage: Storage, { topics, recordVersion = 0 }: Opened): Promise<Topic[]> {
    this.#storage = storage;
    this.recordVersion = Math.max(this.recordVersion, recordVersion);
    for (const row of topics) this.#kept.set(row.topic, row);
    const empty = [...this.#topics.values()].filter(({ isEmpty }) => isEmpty);
    await Promise.all(empty.map((topic) => this.#fill(topic)));
    return empty;
  }

  /** The steps that put on a disk what is in memory. */
  anew(now: number): Op[] {
    return [...this.#topics.values()].flatMap((topic) => (topic.isEmpty ? [] : topic.anew(now)));
  }

  async #read(name: TopicName): Promise<Topic> {
    const topic = new Topic(name, this);
    await this.#fill(topic);
    this.#topics.set(name, topic);
    return topic;
  }

  async #fill(topic: Topic): Promise<void> {
    try {
      const [{ row, records }, queries] = await Promise.all([
        this.#storage.records(topic.name),
        this.#storage.queries(topic.name),
      ]);
      if (!topic.isEmpty) return;
      for (const one of records) topic.records.set(one.key, one);
      topic.queries.load(queries);
      topic.cursor = row?.cursor ?? null;
      distrust(topic);
    } catch {} // as if nothing were kept of it
    await this.#migrate(topic);
  }
}
