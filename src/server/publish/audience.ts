import type { LiveChanges } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { Peer } from '../session/session-parts.ts';

/** Who follows what, kept by the server itself: for connections that bring no rooms of their own. */
export class Audience {
  readonly #peers = new Map<Topic, Set<Pick<Peer, 'send'>>>();

  join(topic: Topic, peer: Pick<Peer, 'send'>): void {
    const peers = this.#peers.get(topic);
    if (peers) peers.add(peer);
    else this.#peers.set(topic, new Set([peer]));
  }

  leave(topic: Topic, peer: Pick<Peer, 'send'>): void {
    const peers = this.#peers.get(topic);
    if (peers?.delete(peer) && peers.size === 0) this.#peers.delete(topic);
  }

  tell(changes: LiveChanges): void {
    for (const peer of this.of(changes.topic)) peer.send('changes', changes);
  }

  tellOthers(topic: Topic, note: Note, author: Pick<Peer, 'send'>): void {
    for (const peer of this.of(topic)) if (peer !== author) peer.send('message', note);
  }

  of(topic: Topic): Iterable<Pick<Peer, 'send'>> {
    return this.#peers.get(topic) ?? [];
  }
}
