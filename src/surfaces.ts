/** The door for those who come from elsewhere: the ways of Backbone.WS and Backbone.IO, on a Medulla that is there. */
import { systemClock } from './base/clock.ts';
import type { Medulla } from './client/medulla.ts';
import { type WebSocketOptions, webSocketSurface } from './client/surfaces/ws/web-socket-surface.ts';

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
