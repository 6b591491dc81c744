import type { HubContext } from '../context.ts';
import type { Topic } from '../replica/topic.ts';

/**
 * The topic is caught up over this link. What the server applied before it is in that, or, where its offset is not
 * reached, in a life of the database that is over: a backup took its place. Whether there is any such effect.
 */
export function overtaken({ outbox, line }: HubContext, topic: Topic): boolean {
  let any = false;
  for (const entry of outbox.awaiting.of(topic.name)) {
    const { phase } = entry;
    if (phase.type !== 'awaiting' || phase.welcome === line.welcome) continue;
    outbox.change(entry, { phase: { ...phase, epoch: null, welcome: null } });
    any = true;
  }
  return any;
}
