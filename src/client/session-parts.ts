import type { Cancel, Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { TabId } from '../protocol/ids.ts';
import type { Batch, TabDown } from '../protocol/tab-down.ts';
import type { TabUp } from '../protocol/tab-up.ts';
import type { Each } from './each.ts';
import type { Host } from './host.ts';
import type { MigratedParts } from './models/migrated.ts';

/** Locks that end with the page: how the hub hears that this tab is gone. */
export interface TabLocks {
  hold(name: string): Promise<Cancel>;
}

export interface SessionParts extends MigratedParts {
  readonly id: TabId;
  readonly host: Host;
  readonly locks: TabLocks;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly each: Each;
  /** Milliseconds until an unacknowledged message makes the hub suspect; 5000. */
  readonly deadline?: number;
  /** The token to connect with. */
  readonly auth?: () => string | null | Promise<string | null>;
  /** Whether the hub may keep the token on the disk. */
  readonly keepToken?: boolean;
  /** The shape of records that this page knows. */
  readonly recordVersion?: number;
  /** The number of the tab's last mutation. */
  readonly n: number;
  /** The records that wait for their id here, and the ids that this tab was told. */
  readonly names: () => Pick<Extract<TabUp, { type: 'hello' }>, 'temporaries' | 'aliases'>;
  /** All that another hub has to be told, in order; `repeated`: this tab has been attached before. */
  readonly replay: (repeated: boolean) => readonly TabUp[];
  readonly welcomed: (welcome: Extract<TabDown, { type: 'welcome' }>, again: boolean) => void;
  readonly batch: (batch: Batch) => void;
  /** The answer to what was asked about users. */
  readonly told: (told: Extract<TabDown, { type: 'adopted' | 'stillSignedIn' | 'signedOut' }>) => void;
  /** Whether the writes of nobody in particular are to become this user's. */
  readonly adopt?: boolean;
  /** No hub can be had now; it is tried again. */
  readonly failed: (error: unknown) => void;
}
