import type { Clock } from '../../base/clock.ts';
import { statusOf } from '../../protocol/errors.ts';
import type { TabId } from '../../protocol/ids.ts';
import type { Aliases } from '../aliases/aliases.ts';
import type { Journal } from '../journal.ts';
import type { Line } from '../line.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Outlet } from '../outlet.ts';
import type { Follower } from './follower.ts';
import type { Replica } from './replica.ts';
import { Topic } from './topic.ts';

export interface ReadsParts {
  readonly replica: Replica;
  readonly outbox: Outbox;
  readonly follower: Follower;
  readonly line: Line;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly outlet: Outlet;
  readonly aliases: Aliases;
  /** Milliseconds after which the replica answers in the server's place. */
  readonly patience: number;
}

/** Whether the topic is as the server has it at any moment: it is caught up, and the server tells what changes. */
export const isTold = ({ synced }: Topic, { welcome }: Line): boolean => synced && welcome?.live !== false;

/** Tells the tab that what it read cannot be had. */
export function fail(
  outlet: Outlet,
  tab: TabId,
  request: number,
  { code, message, details }: { code: string; message: string; details?: unknown },
): void {
  const why = { code, message, ...(details === undefined ? {} : { details }) };
  outlet.answer(tab, () => ({ type: 'failed', request, ...why, status: statusOf(code) }));
}

/** The topic as it is called now: the server may have given what it is under an id since. */
export function topicNow({ aliases, replica }: ReadsParts, topic: Topic): Topic {
  const name = aliases.topic(topic.name);
  return name === topic.name ? topic : (replica.get(name) ?? new Topic(name));
}
