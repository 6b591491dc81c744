import { isObject, type Json } from '../../../base/json.ts';
import { type Of, object, optional, text } from '../../../base/shape.ts';
import { optionsOf } from '../options-of.ts';
import { contentOf } from '../said/content-of.ts';
import { isNamed, pathOf } from '../said/path-of.ts';
import type { Wire } from '../wire.ts';
import type { WireParts } from '../wire-parts.ts';
import { namedWire, type Speech } from './named-wire.ts';

/** What the dialect `signature` may be told. */
const signatureOptions = object({
  /** Socket.IO's own namespace; '/' by default. */
  namespace: optional(text()),
  /** The front of the page's urls that the server's endpoints do not have; none by default. */
  base: optional(text()),
  /** Under which name a write carries its key beside the item, which is the same when it is sent again; not by default. */
  keyAttribute: optional(text()),
});
export type SignatureOptions = Of<typeof signatureOptions>;

/**
 * Socket.IO with signatures: `create`, `read`, `update` and `delete` go with `{signature: {endPoint, ctx?}, item}`, and
 * `operation:endPoint[:ctx]` answers them.
 */
export function signatureWire(parts: WireParts): Wire {
  const options = optionsOf(signatureOptions, parts.options);
  const { base, keyAttribute } = options;
  const speech: Speech = {
    ask(call) {
      const { method: operation, attrs, was, query, key } = call;
      const { ctx } = call.options;
      const endPoint = pathOf(call, base, String);
      const signature: Json = ctx === undefined ? { endPoint } : { endPoint, ctx };
      const named = isNamed(call) ? { [call.idAttribute]: call.record } : {};
      const keyed = keyAttribute && key ? { [keyAttribute]: key } : {};
      return {
        event: operation,
        content:
          operation === 'read'
            ? { signature, ...(query && { query }) }
            : { signature, item: { ...named, ...(attrs ?? was) }, ...keyed },
        answer: `${operation}:${endPoint}${ctx === undefined ? '' : `:${ctx}`}`,
      };
    },
    read: (answer) =>
      contentOf(answer, {
        dataAttribute: null,
        own: ['success'],
        isRefusal: (said) => isObject(said) && (said.success === false || Boolean(said.error)),
      }),
  };
  return { ...namedWire(parts, options.namespace ?? '/', speech), patches: false };
}
