import type { Topic } from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { Peer, SessionParts } from '../session/session-parts.ts';

/** Tells the others who follow a topic, unless not all of them may see what it is about. */
export function tellOthers(
  { resources, log }: Pick<SessionParts, 'resources' | 'log'>,
  peer: Pick<Peer, 'tellOthers'>,
  topic: Topic,
  note: Note,
): void {
  if (resources.match(topic)?.resource.options.filter) log('debug', 'not-told', { topic, type: note.type });
  else peer.tellOthers(topic, note);
}
