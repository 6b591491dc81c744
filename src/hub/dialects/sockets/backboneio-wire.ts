import { flag, type Of, object, optional, text } from '../../../base/shape.ts';
import type { Topic } from '../../../protocol/ids.ts';
import { optionsOf } from '../options-of.ts';
import { cut } from '../said/path-of.ts';
import type { Wire } from '../wire.ts';
import type { WireParts } from '../wire-parts.ts';
import { BackendLink } from './backend-link.ts';
import { inTime } from './in-time.ts';

/** What the dialect `backboneio` may be told. */
const backboneIoOptions = object({
  /** The front of the topics that is no backend's name; '/' by default. */
  base: optional(text()),
  /** Whether its backends know `patch`, which those of Backbone.IO itself did not; else it goes as an update of the whole. */
  patches: optional(flag),
  /** Under which name the options of a write carry its key, which is the same when it is sent again; not by default. */
  keyAttribute: optional(text()),
});
export type BackboneIoOptions = Of<typeof backboneIoOptions>;

/**
 * Backbone.IO's backends and channels over Socket.IO: a backend is a Socket.IO namespace, the topic `/name/channel` one
 * of its channels, `sync` is acknowledged with `(error, response)`, and `synced` tells of others' writes.
 */
export function backboneIoWire(parts: WireParts): Wire {
  const { base = '/', patches = false, keyAttribute } = optionsOf(backboneIoOptions, parts.options);
  const { server, path, idName, openSocket } = parts;
  let givenUp = false;
  const wire: Wire = {
    patches,
    reads: false,
    connect(hello, listener) {
      const auth = { ...hello };
      return new BackendLink({
        open: (namespace) => openSocket({ server, path, namespace, auth, givenUp }),
        /** Whether the next begins as if this one had been swallowed on its way. */
        ended(wasOpen) {
          givenUp = !wasOpen;
        },
        auth,
        listener,
        idName,
        keyAttribute,
        placeOf(topic: Topic) {
          const [backend = '', ...channel] = cut(topic, base).split('/');
          return { backend, channel: channel.join('/') };
        },
      });
    },
  };
  return inTime(wire, parts.clock);
}
