import { card } from '../../cards.ts';
import { topicOf } from '../topics.ts';

/** What one write leaves in a database. */
export interface BareRow {
  readonly topic: string;
  readonly mutation: string;
  readonly record: string;
  readonly json: string;
}

/** The rows that so many of the crowd's creates come to, ready to be written. */
export const rowsOf = (first: number, writes: number, topics: number): BareRow[] =>
  Array.from({ length: writes }, (_, i) => {
    const n = first + i;
    const { id, ...set } = card(n);
    return {
      topic: topicOf(n % topics),
      mutation: `bare:${n + 1}`,
      record: `bare-${id}`,
      json: JSON.stringify(set),
    };
  });
