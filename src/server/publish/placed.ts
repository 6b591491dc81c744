import type { Topic } from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { ServerEvents } from '../../protocol/server-down.ts';
import type { Peer } from '../session/session-parts.ts';
import type { Audience } from './audience.ts';
import type { Delivery } from './delivery.ts';

/** The far end of one connection. The rest only where the server was given a `broadcast` of its own. */
export interface CorePeer extends Pick<Peer, 'send'>, Partial<Omit<Peer, 'send'>> {}

/** Where peers have their places; the same for all of a server. */
export interface Places {
  readonly audience: Audience;
  readonly delivery: Delivery;
  readonly announce: ((note: Note, topic: Topic | undefined) => void) | undefined;
}

/** A peer with a place among those who follow: its own, or one that the server keeps. */
export class Placed implements Peer {
  readonly #peer: CorePeer;
  readonly #places: Places;

  constructor(peer: CorePeer, places: Places) {
    this.#peer = peer;
    this.#places = places;
  }

  send<K extends keyof ServerEvents>(name: K, event: ServerEvents[K]): void {
    this.#peer.send(name, event);
  }

  async join(topic: Topic): Promise<void> {
    const { audience, delivery } = this.#places;
    const delivered = delivery.join(topic);
    if (this.#peer.join) await this.#peer.join(topic);
    else audience.join(topic, this);
    await delivered;
  }

  leave(topic: Topic): void | Promise<void> {
    const { audience, delivery } = this.#places;
    delivery.leave(topic);
    return this.#peer.leave ? this.#peer.leave(topic) : audience.leave(topic, this);
  }

  tellOthers(topic: Topic, note: Note): void {
    const { audience, announce } = this.#places;
    if (this.#peer.tellOthers) this.#peer.tellOthers(topic, note);
    // It follows nothing itself, as a request by HTTP.
    else if (announce) announce(note, topic);
    else audience.tellOthers(topic, note, this);
  }

  close(): void | Promise<void> {
    return this.#peer.close?.();
  }

  room(): Promise<void> | null {
    return this.#peer.room?.() ?? null;
  }

  ended(): void {
    this.#peer.ended?.();
  }
}
