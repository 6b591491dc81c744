import { card } from '../../cards.ts';
import { topicOf } from '../topics.ts';

/** What a connection pushes: creates of cards of its own, or, where `records` says how many there are, updates of those, again and again. */
export interface Pushes {
  readonly writes: number;
  readonly batch: number;
  readonly topics: number;
  readonly records?: number;
}

/** The pushes of one connection, as JSON, in batches. */
export function pushesOf(author: string, { writes, batch, topics, records = 0 }: Pushes): string[] {
  const mutationOf = (n: number) =>
    records ? updateOf(author, n, topics, records) : createOf(author, n, topics);
  const pushes: string[] = [];
  for (let first = 0; first < writes; first += batch) {
    const size = Math.min(batch, writes - first);
    const mutations = Array.from({ length: size }, (_, i) => mutationOf(first + i));
    pushes.push(JSON.stringify({ user: '', mutations }));
  }
  return pushes;
}

function createOf(author: string, n: number, topics: number) {
  const { id, ...set } = card(n);
  return sentOf(author, n, { topic: topicOf(n % topics), record: `${author}-${id}`, method: 'create', set });
}

function updateOf(author: string, n: number, topics: number, records: number) {
  const { id, ...set } = card(n % records);
  return sentOf(author, n, {
    topic: topicOf(n % topics),
    record: id,
    method: 'update',
    set: { ...set, note: `${author} wrote it the ${n}th time` },
  });
}

function sentOf(author: string, n: number, intent: object) {
  const mutation = { id: `${author}:${n + 1}`, user: '', ...intent, unset: [], base: null, was: {} };
  return { mutation, also: [], number: 0 };
}
