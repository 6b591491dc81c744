import { isObject, type Json } from '../../../base/json.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import { jsonIn } from './json-in.ts';
import { refusalOf } from './refusal-of.ts';

export interface Envelope {
  /** The name under which a message holds its records, where it holds more beside them; null = it never does. */
  readonly dataAttribute: string | null;
  /** Names in the message that are not the record's. */
  readonly own?: readonly string[];
}

/**
 * The records in a message: under `dataAttribute` where that is there, else the message without what is the wire's own.
 * Null: it holds none.
 */
export function recordsIn(message: Json, { dataAttribute, own = [] }: Envelope): Json {
  if (!isObject(message)) return Array.isArray(message) ? message : null;
  const inside = dataAttribute === null ? undefined : message[dataAttribute];
  if (typeof inside === 'object') return inside;
  const rest = Object.entries(message).filter(([name]) => !own.includes(name));
  // A word in the records' place is none of them.
  return rest.some(([name]) => name !== dataAttribute) ? Object.fromEntries(rest) : null;
}

/** As {@link recordsIn}, of an answer; throws where it is none that can be read, or a refusal. */
export function contentOf(came: unknown, envelope: Envelope & { isRefusal(answer: Json): boolean }): Json {
  const answer = jsonIn(came ?? null);
  if (answer === undefined) throw new MedullaError('bad-message', 'The answer is no JSON that can be kept');
  if (envelope.isRefusal(answer)) throw refusalOf(answer);
  return recordsIn(answer, envelope);
}
