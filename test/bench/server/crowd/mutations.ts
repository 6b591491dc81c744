import { card } from '../../cards.ts';
import { topicOf } from '../topics.ts';

/** The pushes of one connection, as JSON: creates of cards, in batches, each card's own. */
export function pushesOf(author: string, writes: number, batch: number, topics: number): string[] {
  const pushes: string[] = [];
  for (let first = 0; first < writes; first += batch) {
    const size = Math.min(batch, writes - first);
    const mutations = Array.from({ length: size }, (_, i) => createOf(author, first + i, topics));
    pushes.push(JSON.stringify({ user: '', mutations }));
  }
  return pushes;
}

function createOf(author: string, n: number, topics: number) {
  const { id, ...set } = card(n);
  const intent = { topic: topicOf(n % topics), record: `${author}-${id}`, method: 'create' };
  const mutation = { id: `${author}:${n + 1}`, user: '', ...intent, set, unset: [], base: null, was: {} };
  return { mutation, also: [], number: 0 };
}
