import type { RecordKey, Topic } from '../../protocol/ids.ts';
import type { Client } from '../limits/who.ts';

/** The pages that their follows have paid for: of each snapshot that is under way the next one. Of who has none nothing is kept. */
export class PaidPages {
  readonly #clients = new WeakMap<Client, Map<Topic, RecordKey>>();

  /** Whether the page after this key is paid for. It is so once. */
  take(client: Client, topic: Topic, after: RecordKey): boolean {
    const isPaid = this.#clients.get(client)?.get(topic) === after;
    if (isPaid) this.forget(client, topic);
    return isPaid;
  }

  /** The page after this key is paid for. Of more topics than `most` the one that has rested longest is forgotten. */
  pay(client: Client, topic: Topic, after: RecordKey, most: number): void {
    this.forget(client, topic);
    const pages = this.#clients.get(client) ?? new Map<Topic, RecordKey>();
    this.#clients.set(client, pages.set(topic, after));
    const [oldest] = pages.keys();
    if (oldest !== undefined && pages.size > most) pages.delete(oldest);
  }

  forget(client: Client, topic: Topic): void {
    const pages = this.#clients.get(client);
    pages?.delete(topic);
    if (pages?.size === 0) this.#clients.delete(client);
  }
}
