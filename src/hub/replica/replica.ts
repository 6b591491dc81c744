import type { Epoch, Topic as TopicName } from '../../protocol/ids.ts';
import type { Storage, TopicRow } from '../storage.ts';
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

  constructor(storage: Storage, kept: readonly TopicRow[]) {
    this.#storage = storage;
    this.#kept = new Map(kept.map((row) => [row.topic, row]));
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
    const topic = new Topic(name);
    try {
      for (const row of await this.#storage.records(name)) topic.records.set(row.key, row);
      topic.cursor = this.#kept.get(name)?.cursor ?? null;
    } catch {
      topic.records.clear();
    }
    this.#topics.set(name, topic);
    return topic;
  }
}
