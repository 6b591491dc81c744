import { isObject, type Json } from '../../../base/json.ts';
import type { Topic } from '../../../protocol/ids.ts';
import type { Method } from '../../../protocol/mutation.ts';
import { idIn, withoutId } from '../rows-of.ts';
import type { WireChange } from '../wire.ts';

const METHODS: ReadonlySet<string> = new Set<Method>(['create', 'update', 'patch', 'delete']);

export const isMethod = (method: unknown): method is Method => METHODS.has(method as string);

export interface Told {
  readonly topic: Topic;
  readonly method: Method;
  /** The record as the name of the message has it; what its content says goes first, since that has the id's type. */
  readonly named: string | undefined;
  readonly content: Json;
  readonly idAttribute: string;
}

/** What another's write is as a change: a create and an update are the whole record. Undefined where it names none. */
export function changeOf({ topic, method, named, content, idAttribute }: Told): WireChange | undefined {
  const record = idIn(isObject(content) ? content : { [idAttribute]: content }, idAttribute) ?? named;
  if (record === undefined) return undefined;
  if (method === 'delete') return { topic, record, attrs: null, whole: true };
  if (!isObject(content)) return undefined;
  return { topic, record, attrs: withoutId(content, idAttribute), whole: method !== 'patch' };
}
