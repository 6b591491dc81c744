import type { LiveChanges } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import { packLive } from '../../protocol/live.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { ServerEvents } from '../../protocol/server-down.ts';
import type { Reader, Readers } from '../limits/readers.ts';
import { unread } from '../limits/unread.ts';
import type { Peer } from '../session/session-parts.ts';

/** The name of Socket.IO's room of those who follow a topic. */
export const placeOf = (topic: Topic): string => `topic:${topic}`;

/** That of those who are told of nothing, since they do not read. */
export const SLOW = 'slow';

interface Telling {
  emit(name: string, ...args: unknown[]): unknown;
}

/** What we use of a socket of Socket.IO's. */
export interface SocketLike extends Telling {
  readonly conn: object;
  join(place: string): void | Promise<void>;
  leave(place: string): void | Promise<void>;
  to(place: string): { except(place: string): Telling };
}

/** The far end of a Socket.IO connection. */
export class SocketPeer<S extends SocketLike> implements Peer, Reader {
  /** What tells it where the topics stand that it follows; null until it has begun. */
  session: { stand(): Promise<void> } | null = null;
  readonly #socket: S;
  readonly #end: (socket: S) => Promise<void>;
  readonly #readers: Readers;

  constructor(socket: S, readers: Readers, end: (socket: S) => Promise<void>) {
    this.#socket = socket;
    this.#end = end;
    this.#readers = readers;
    readers.add(this);
  }

  send<K extends keyof ServerEvents>(name: K, event: ServerEvents[K]): void {
    if (!this.#readers.tells(this, name, event)) return;
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
    this.#socket.to(placeOf(topic)).except(SLOW).emit('message', note);
  }

  close(): Promise<void> {
    return this.#end(this.#socket);
  }

  room(): Promise<void> | null {
    return this.#readers.room(this);
  }

  ended(): void {
    this.#readers.end(this);
  }

  unread(): number {
    return unread(this.#socket.conn);
  }

  pause(): void {
    this.#socket.join(SLOW);
  }

  async resume(): Promise<void> {
    // It is told of what happens from now on before it is told where things stand: nothing is between the two.
    await this.#socket.leave(SLOW);
    await this.session?.stand();
  }
}
