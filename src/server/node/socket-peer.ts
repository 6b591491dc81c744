import type { LiveChanges } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import { packLive } from '../../protocol/live.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { ServerEvents } from '../../protocol/server-down.ts';
import type { Peer } from '../session/session-parts.ts';

/** The name of Socket.IO's room of those who follow a topic. */
export const placeOf = (topic: Topic): string => `topic:${topic}`;

/** What we use of a socket of Socket.IO's. */
export interface SocketLike {
  emit(name: string, ...args: unknown[]): unknown;
  join(place: string): void | Promise<void>;
  leave(place: string): void | Promise<void>;
  to(place: string): { emit(name: string, ...args: unknown[]): unknown };
}

/** The far end of a Socket.IO connection. */
export class SocketPeer<S extends SocketLike> implements Peer {
  readonly #socket: S;
  readonly #end: (socket: S) => Promise<void>;

  constructor(socket: S, end: (socket: S) => Promise<void>) {
    this.#socket = socket;
    this.#end = end;
  }

  send<K extends keyof ServerEvents>(name: K, event: ServerEvents[K]): void {
    if (name !== 'changes') this.#socket.emit(name, event);
    else this.#socket.emit((event as LiveChanges).topic, ...packLive(event as LiveChanges));
  }

  join(topic: Topic): void | Promise<void> {
    return this.#socket.join(placeOf(topic));
  }

  leave(topic: Topic): void | Promise<void> {
    return this.#socket.leave(placeOf(topic));
  }

  tellOthers(topic: Topic, note: Note): void {
    this.#socket.to(placeOf(topic)).emit('message', note);
  }

  close(): Promise<void> {
    return this.#end(this.#socket);
  }
}
