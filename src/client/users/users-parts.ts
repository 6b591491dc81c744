import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { UserId } from '../../protocol/ids.ts';
import type { SignOut } from '../../protocol/tab-up.ts';
import type { Aliases } from '../aliases/aliases.ts';
import type { Model } from '../backbone.ts';
import type { Reads } from '../calls/reads.ts';
import type { Writes } from '../calls/writes.ts';
import type { Host } from '../host.ts';
import type { Following } from '../models/following.ts';
import type { createOutbox } from '../outbox.ts';
import type { Session } from '../session.ts';
import type { SessionParts } from '../session-parts.ts';
import type { Remembered } from './remembered.ts';

/** What a tab's knowledge of its user is made of. */
export interface UsersParts extends Omit<SessionParts, 'host'> {
  readonly hostOf: (user: UserId) => Host;
  readonly clock: Clock;
  readonly log: Log;
  readonly patience?: number;
  readonly remembered?: Remembered | undefined;
  readonly status: Model;
  readonly writes: Writes;
  readonly reads: Reads;
  readonly following: Following;
  readonly aliases: Pick<Aliases, 'forget'>;
  readonly outbox: ReturnType<typeof createOutbox>;
  readonly post: (message: SignOut) => void;
  readonly closed: boolean;
  /** Null: it is not known, or nobody is signed in. */
  user: UserId | null;
  session: Session | undefined;
  /** Tells the application. */
  readonly trigger: (event: 'signin' | 'signout', user: UserId) => void;
}
