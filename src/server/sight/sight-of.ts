import type { Log } from '../../base/log.ts';
import type { Topic, UserId } from '../../protocol/ids.ts';
import type { Match } from '../resource/resources.ts';
import { Sight } from './sight.ts';

interface Place {
  readonly topic: Topic;
  readonly user: UserId;
  readonly log: Log;
}

/** How a user sees a topic under the tag that permission gave. */
export function sightOf({ resource, params }: Match, tag: string, { topic, user, log }: Place): Sight {
  const failed = (error: unknown) => log('error', 'filter-failed', { error, topic, user });
  return new Sight({ user, params, tag }, resource.options.filter, failed);
}
