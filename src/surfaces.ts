/** The door for those who come from elsewhere: the ways of Backbone.WS and Backbone.IO, on a Medulla that is there. */
import { systemClock } from './base/clock.ts';
import type { BackboneLike } from './client/backbone.ts';
import type { Medulla } from './client/medulla.ts';
import {
  type BackendOptions,
  type BackendSurface,
  backendSurface,
} from './client/surfaces/io/backend-surface.ts';
import { type WebSocketOptions, webSocketSurface } from './client/surfaces/ws/web-socket-surface.ts';

export type { BackendName } from './client/surfaces/io/backend-of.ts';
export type { BackendOptions, BackendSurface } from './client/surfaces/io/backend-surface.ts';
export type { Bindable, EventMap, Handler } from './client/surfaces/ws/bindings.ts';
export type { Expectation, Expected } from './client/surfaces/ws/expectation.ts';
export type { LineEvent } from './client/surfaces/ws/watch-line.ts';
export type { WebSocketOptions, WebSocketSurface } from './client/surfaces/ws/web-socket-surface.ts';
export { namespace } from './hub/dialects/sockets/namespace.ts';

/**
 * Puts the ways of Backbone.WS on the Medulla, and returns it: `bind`, `unbind`, `expect`, `destroy`, routes, prefixed
 * events and `noretries`. Its own stay: `send`, `open`, `close`, `isOpen`, `sync`, `on`.
 */
export const backboneWS = <M extends Medulla>(medulla: M, options: WebSocketOptions = {}) =>
  webSocketSurface(medulla, options, systemClock);

/**
 * Gives this Backbone's models and collections backends, as Backbone.IO has them, over the Medulla: `backend: 'name'`, or
 * `{name, channel}`, on a class, an instance or in the options of a constructor; `bindBackend()`, the events `backend:create` and the
 * like, and methods of the application's own by `sync`. What has no backend is left as it was. Called before classes are
 * made; for another Medulla than the first it throws.
 */
export const backboneIO = <M extends Medulla>(
  Backbone: BackboneLike,
  medulla: M,
  options: BackendOptions = {},
): BackendSurface<M> =>
  backendSurface(Backbone, options, { medulla, page: () => document.baseURI, report: reportError });
