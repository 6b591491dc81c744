import type { Json } from '../../../base/json.ts';
import type { RecordId, Topic } from '../../../protocol/ids.ts';
import type { Method } from '../../../protocol/mutation.ts';
import type { WireChange } from '../wire.ts';
import { isFields } from './fields.ts';

const METHODS: ReadonlySet<string> = new Set<Method>(['create', 'update', 'patch', 'delete']);

export const isMethod = (method: unknown): method is Method => METHODS.has(method as string);

const isRecordId = (id: Json | undefined): id is RecordId => typeof id === 'string' || typeof id === 'number';

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
  const { [idAttribute]: id, ...attrs } = isFields(content) ? content : { [idAttribute]: content };
  const record = isRecordId(id) ? id : named;
  if (record === undefined) return undefined;
  if (method === 'delete') return { topic, record, attrs: null, whole: true };
  return isFields(content) ? { topic, record, attrs, whole: method !== 'patch' } : undefined;
}
