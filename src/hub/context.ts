import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { UserId } from '../protocol/ids.ts';
import type { Aliases } from './aliases/aliases.ts';
import type { Journal } from './journal.ts';
import type { Line } from './line.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Outlet } from './outlet.ts';
import type { HubOptions } from './parts.ts';
import type { Replica } from './replica/replica.ts';

/** What the hub's parts share: one of each in a hub. */
export interface HubContext {
  readonly user: UserId;
  readonly outbox: Outbox;
  readonly replica: Replica;
  readonly aliases: Aliases;
  readonly journal: Journal;
  readonly line: Line;
  readonly outlet: Outlet;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: HubOptions;
  readonly log: Log;
}
