import { decoded } from '../../../base/decoded.ts';
import { isObject } from '../../../base/json.ts';
import { either, list, nothing, type Of, object, oneOf, optional, text } from '../../../base/shape.ts';
import type { Attributes } from '../../../protocol/attributes.ts';
import { optionsOf } from '../options-of.ts';
import { changeOf, isMethod } from '../said/change-of.ts';
import { contentOf, recordsIn } from '../said/content-of.ts';
import { cut, isNamed, pathOf } from '../said/path-of.ts';
import { topicIn } from '../said/topic-in.ts';
import type { Wire, WireCall } from '../wire.ts';
import type { WireParts } from '../wire-parts.ts';
import { namedWire, type Speech } from './named-wire.ts';
import { namespace } from './namespace.ts';

/** What the dialect `events` may be told. */
const eventsOptions = object({
  /** Socket.IO's own namespace; '/' by default. */
  namespace: optional(text()),
  /** The front of the page's urls that the server's events do not have; none by default. */
  base: optional(text()),
  /** Under which name an answer or an event holds its records, where it holds more beside them; 'data' by default. */
  dataAttribute: optional(either(text(), nothing)),
  /**
   * What the names of events begin with that tell of others' changes; nothing by default: then one that comes while an
   * answer of its name is awaited is taken for that.
   */
  changePrefix: optional(text()),
  /** Methods whose event is the collection's, with the record named in the data alone; none by default. */
  onCollection: optional(list(oneOf('read', 'update', 'patch', 'delete'))),
  /** Under which name the data of a write carries its key, which is the same when it is sent again; not by default. */
  keyAttribute: optional(text()),
});
export type EventsOptions = Of<typeof eventsOptions>;

/**
 * Socket.IO with namespaced events: `api:posts:21:update` goes with the data, and an event of the same name answers it,
 * `success` in it. One of a followed topic that answers nothing is another's change.
 */
export function eventsWire(parts: WireParts): Wire {
  const options = optionsOf(eventsOptions, parts.options);
  const { base, dataAttribute = 'data', changePrefix = '', onCollection = [], keyAttribute } = options;
  const envelope = { dataAttribute, own: ['success'] };

  function dataOf(call: WireCall): Attributes {
    const named = isNamed(call) ? { [call.idAttribute]: call.record } : {};
    if (call.method === 'read') return { ...call.query, ...named };
    return { ...named, ...(call.attrs ?? call.was), ...(keyAttribute && { [keyAttribute]: call.key }) };
  }

  const speech: Speech = {
    ask(call) {
      const isShared = onCollection.some((method) => method === call.method);
      const event = `${namespace(isShared ? cut(call.topic, base) : pathOf(call, base))}${call.method}`;
      return { event, content: dataOf(call), answer: event };
    },
    read: (answer) =>
      contentOf(answer, { ...envelope, isRefusal: (said) => !isObject(said) || !said.success }),
    told(event, content, followed) {
      const place = topicIn(event, followed, (topic) => `${changePrefix}${namespace(cut(topic, base))}`);
      const words = place?.rest.split(':') ?? [];
      const method = words.pop();
      if (!place || words.length > 1 || !isMethod(method) || content === undefined) return undefined;
      const { topic } = place;
      const records = recordsIn(content, envelope);
      const named = words[0] === undefined ? undefined : decoded(words[0]);
      return changeOf({ topic, method, named, content: records, idAttribute: parts.idName(topic) });
    },
  };
  return namedWire(parts, options.namespace ?? '/', speech);
}
