import { either, list, nothing, type Of, object, oneOf, optional, text } from '../../../base/shape.ts';
import type { Attributes } from '../../../protocol/attributes.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import { optionsOf } from '../options-of.ts';
import { cut, isNamed, pathOf } from '../said/path-of.ts';
import type { Wire, WireCall } from '../wire.ts';
import type { WireParts } from '../wire-parts.ts';
import { inTime } from './in-time.ts';
import { NativeLink } from './native-link.ts';
import { nativeSocket } from './native-socket.ts';

/** What the dialect `websocket` may be told. */
const webSocketOptions = object({
  /** Where the server is; '/' on `server` by default. */
  url: optional(text()),
  /** The subprotocol, or several of which the server takes one. */
  protocol: optional(either(text(), list(text()))),
  /** The front of the page's urls that the server does not know; none by default. */
  base: optional(text()),
  /** Under which name the url carries the token; not by default: cookies go by themselves. */
  tokenParameter: optional(text()),
  /** Under which name a message says what it is; 'type' by default, null = it never does. */
  typeAttribute: optional(either(text(), nothing)),
  /** Under which name a message holds its content; 'data' by default, null = beside everything else. */
  dataAttribute: optional(either(text(), nothing)),
  /** Under which name a message says its method, its url and its request; 'method', 'url', 'requestId' by default. */
  methodAttribute: optional(text()),
  urlAttribute: optional(text()),
  requestAttribute: optional(text()),
  /** Under which name a write carries its key, which is the same when it is sent again; not by default. */
  keyAttribute: optional(text()),
  /**
   * How the server answers: `request`: with the request's id; `order`: in the order in which it was asked, with messages
   * that have no type; `none`: not at all, as many servers of Backbone.WS do not: a write counts as done when it is sent,
   * and a collection that is read is empty. By default with the id, and in order as long as no id has been seen.
   */
  answers: optional(oneOf('request', 'order', 'none')),
});
export type WebSocketOptions = Of<typeof webSocketOptions>;

/** A native WebSocket over which JSON goes: attributes with method, url and request id beside them. */
export function webSocketWire(parts: WireParts): Wire {
  const options = optionsOf(webSocketOptions, parts.options);
  const { base, keyAttribute, answers } = options;
  const names = {
    type: options.typeAttribute === undefined ? 'type' : options.typeAttribute,
    data: options.dataAttribute === undefined ? 'data' : options.dataAttribute,
    method: options.methodAttribute ?? 'method',
    url: options.urlAttribute ?? 'url',
    request: options.requestAttribute ?? 'requestId',
  };

  /** What a record itself has under one of the names goes first, as it always did. */
  function messageOf(call: WireCall, request: string): Attributes {
    const { method, attrs, was, query, key, record } = call;
    return {
      [names.method]: method,
      [names.url]: pathOf(call, base),
      [names.request]: request,
      ...(keyAttribute && key && { [keyAttribute]: key }),
      ...(isNamed(call) && { [call.idAttribute]: record }),
      ...(method === 'read' ? query : (attrs ?? was)),
    };
  }

  /** A url, or a subprotocol, that no WebSocket takes is the application's mistake. */
  function opened(token: string | null): WebSocket {
    const { protocol } = options;
    try {
      return new parts.WebSocket(address(token), typeof protocol === 'object' ? [...protocol] : protocol);
    } catch (cause) {
      throw new MedullaError('bad-option', `dialect: ${String(cause)}`, { cause });
    }
  }

  function address(token: string | null): string {
    const url = new URL(options.url ?? '/', parts.server);
    url.protocol = url.protocol.replace('http', 'ws');
    if (options.tokenParameter && token !== null) url.searchParams.set(options.tokenParameter, token);
    return url.href;
  }

  let namesRequests = answers === 'request';
  const wire: Wire = {
    reads: false,
    connect({ token, device }, listener) {
      const socket = opened(token);
      return new NativeLink({
        idName: parts.idName,
        names,
        answers,
        named() {
          namesRequests = true;
        },
        device,
        listener,
        messageOf,
        nameOf: (topic) => cut(topic, base),
        open: (heard) => nativeSocket(socket, heard),
      });
    },
  };
  // Where answers come in order, that of the next call would be taken for the one that does not come.
  return inTime(wire, parts.clock, () => namesRequests);
}
