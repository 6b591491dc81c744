import type { HubContext } from '../context.ts';
import type { Topic } from '../replica/topic.ts';

/**
 * What was applied over this link is of the life of the database that the topic is told in now, under whatever rights:
 * it waits for its offset in that also once the link is gone.
 */
export function sameLife({ outbox, line }: HubContext, { name, cursor }: Topic): void {
  if (!cursor || !line.welcome) return;
  for (const entry of outbox.awaiting.elsewhere(name, cursor.epoch)) {
    const { phase } = entry;
    if (phase.type === 'awaiting' && phase.welcome === line.welcome)
      outbox.change(entry, { phase: { ...phase, epoch: cursor.epoch } });
  }
}
