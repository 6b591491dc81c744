import { isObject, type Json } from '../../../base/json.ts';
import type { Topic } from '../../../protocol/ids.ts';
import { idIn } from '../rows-of.ts';
import { isMethod } from '../said/change-of.ts';
import { jsonInText } from '../said/json-in.ts';
import type { WireChange } from '../wire.ts';
import type { StreamEvent } from './event-stream.ts';

/** What an event of a stream says. */
export type Heard =
  | { readonly type: 'change'; readonly change: WireChange }
  /** Something has changed. Null = of whatever topic. */
  | { readonly type: 'stale'; readonly topic: Topic | null }
  /** Nothing that this knows. */
  | { readonly type: 'message'; readonly content: Json | undefined };

/**
 * An event is a change where it says which: `{"topic": "/tasks", "method": "update", "record": {"id": 7, …}}`, the topic that of the
 * stream and the method the event's name where they are missing. An event 'change' without a record has the topic read again.
 */
export function changeIn(
  { event, data }: StreamEvent,
  own: Topic | null,
  idName: (topic: Topic) => string,
): Heard {
  const content = jsonInText(data);
  const said = isObject(content) ? content : {};
  const topic = typeof said.topic === 'string' ? (said.topic as Topic) : own;
  const method = typeof said.method === 'string' ? said.method : event;
  if (isMethod(method)) {
    const idAttribute = topic ? idName(topic) : 'id';
    const record = isObject(said.record) ? said.record : topic === own && !('method' in said) ? said : {};
    const id = idIn(record, idAttribute) ?? idIn(said, idAttribute);
    if (!topic || id === undefined) return { type: 'stale', topic };
    const { [idAttribute]: _, ...attrs } = record;
    const isGone = method === 'delete';
    return {
      type: 'change',
      change: { topic, record: id, attrs: isGone ? null : attrs, whole: method !== 'patch' },
    };
  }
  if (event === 'change' || (event === 'message' && topic)) return { type: 'stale', topic };
  return { type: 'message', content };
}
