import type { Epoch, Topic as TopicName } from '../../protocol/ids.ts';
import type { Opened, Storage, TopicRow } from '../storage.ts';
import { Topic } from './topic.ts';

/**
 * The topics that this hub has had to do with, in memory, each read from the disk at its first mention. What is on the
 * disk follows through the journal.
 */
export class Replica {
  readonly #storage: Storage;
  readonly #kept: Map<TopicName, TopicRow>;
  readonly #topics = new Map<TopicName, Topic>();
  readonly #loading = new Map<TopicName, Promise<Topic>>();
  readonly #migrate: (topic: Topic) => Promise<unknown>;
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

  /** The topic, read from the disk if this is its first mention. A disk that cannot be read counts as empty. */
  load(name: TopicName): Promise<Topic> {
    const loading = this.#loading.get(name) ?? this.#read(name);
    this.#loading.set(name, loading);
    return loading;
  }

  async #read(name: TopicName): Promise<Topic> {
    const topic = new Topic(name, this);
    try {
      const [records, queries] = await Promise.all([
        this.#storage.records(name),
        this.#storage.queries(name),
      ]);
      for (const row of records) topic.records.set(row.key, row);
      topic.queries.load(queries);
      topic.cursor = this.#kept.get(name)?.cursor ?? null;
      if (!topic.cursor) for (const { key } of records) topic.doubted.add(key);
    } catch {
      topic.records.clear();
    }
    await this.#migrate(topic);
    this.#topics.set(name, topic);
    return topic;
  }
}
