import type { HubContext } from '../context.ts';
import type { Topic } from '../replica/topic.ts';

/** What an earlier hub left that waits for changes of topics which nobody follows here: none will come. */
export function unheard({ outbox, replica }: HubContext, endings: { released(topic: Topic): void }): void {
  for (const name of outbox.awaiting.topics()) {
    const topic = replica.get(name);
    if (topic) endings.released(topic);
    else replica.load(name).then((loaded) => endings.released(loaded));
  }
}
