import type { Topic } from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { Peer } from '../session/session-parts.ts';
import type { Audience } from './audience.ts';
import type { Delivery } from './delivery.ts';

/** The far end of one connection. The rest only where the server was given a `broadcast` of its own. */
export interface CorePeer extends Pick<Peer, 'send'>, Partial<Omit<Peer, 'send'>> {}

/** A peer with a place among those who follow: its own, or one that the server keeps. */
export function placed(
  peer: CorePeer,
  audience: Audience,
  delivery: Delivery,
  announce: ((note: Note, topic: Topic | undefined) => void) | undefined,
): Peer {
  const whole: Peer = {
    send: (name, event) => peer.send(name, event),
    join: async (topic) => {
      const delivered = delivery.join(topic);
      if (peer.join) await peer.join(topic);
      else audience.join(topic, whole);
      await delivered;
    },
    tellOthers: (topic, note) => {
      if (peer.tellOthers) peer.tellOthers(topic, note);
      // It follows nothing itself, as a request by HTTP.
      else if (announce) announce(note, topic);
      else audience.tellOthers(topic, note, whole);
    },
    leave: (topic) => {
      delivery.leave(topic);
      return peer.leave ? peer.leave(topic) : audience.leave(topic, whole);
    },
    close: () => peer.close?.(),
  };
  return whole;
}
