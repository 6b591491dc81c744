import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Snapshot } from '../protocol/change.ts';
import type { UserId } from '../protocol/ids.ts';
import type { Host } from './host.ts';
import type { FollowOptions } from './models/follower.ts';
import type { Migrate } from './models/migrated.ts';
import type { TabLocks } from './session-parts.ts';
import type { Remembered } from './users/remembered.ts';
import type { UserOption } from './users/user-option.ts';

/** What an application may set. */
export interface MedullaOptions {
  /** The paths that `install()` answers, each with its subpaths; all by default. */
  readonly routes?: readonly string[];
  /**
   * Whose the writes are; nobody's in particular by default. A function or a promise may say so later: until then reads
   * and writes wait. Whoever was known last is remembered for a start without a network, until they sign out.
   */
  readonly user?: UserOption;
  /** The token to connect with, asked for at each connect; only ever in memory. */
  readonly auth?: () => string | null | Promise<string | null>;
  /**
   * Keeps the token of the last connect in this browser's database of the user, so that Background Sync can be known by it
   * when no page is open; false by default. **The risk**: it lies there in plain text until the next sign-out, and
   * whoever can read this browser's profile, or run a script on this origin, can read it and be the user for as long as
   * the server takes it. Where cookies (HttpOnly) say who somebody is, it is not needed. Prefer a token that is good for
   * pushing only, and short-lived.
   */
  readonly keepToken?: boolean;
  /**
   * Counts the shapes that records of this application have had: a whole number, raised by the deploy that changes one.
   * What an earlier deploy left in the browser is brought to it by `migrate`. 0 by default.
   */
  readonly recordVersion?: number;
  /**
   * Attributes of an older shape as attributes of the present one, synchronously and without looking at anything else;
   * what has the present shape already is to pass through. What it throws for waits for the user to decide.
   */
  readonly migrate?: Migrate;
  /**
   * Who gives new records their ids: the 'client' (a uuid, at once; the default) or the 'server'. A model or a collection,
   * or its class, may say otherwise by an `ids` of its own.
   */
  readonly ids?: 'client' | 'server';
  /** What is kept up to date from the start: each a model, a collection, or one of these with the options of `follow`. */
  readonly follow?: readonly (object | readonly [target: object, options?: FollowOptions])[];
  /** What the page was rendered with: `hydration(state)` of `backbone-medulla/models`. What it holds is followed without being fetched. */
  readonly hydrate?: Hydration;
  /** Milliseconds until a durable write that the server has not answered for is answered with 202; 3000. */
  readonly patience?: number;
  /** Milliseconds until a hub that acknowledges nothing is suspect; 5000. */
  readonly deadline?: number;
}

/** What a page came with, topic by topic. */
export interface Hydration {
  /** What the topic held, if the page was rendered for this user. */
  snapshot(topic: string, user: string | null): Snapshot | undefined;
  /** The hub has the topic. */
  known(topic: string): void;
}

/** When this page is put to sleep or closed, when it is back, and whether anybody can see it. */
export interface Lifecycle {
  listen(handlers: { hide(): void; show(): void; see(visible: boolean): void }): void;
}

/** All that a tab is made of: it touches no globals. */
export interface MedullaParts extends MedullaOptions {
  /** Where the hub comes from: for each user, or for whoever it is. */
  readonly host: Host | ((user: UserId) => Host);
  readonly remembered?: Remembered;
  readonly locks: TabLocks;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** The page's url now, which urls are resolved against. */
  readonly page: () => string;
  readonly lifecycle?: Lifecycle;
  /** Asks the browser not to throw away what is kept here; whether it agrees. */
  readonly persist?: () => Promise<boolean>;
  /** Something waits to be sent: it is to be sent also when no page is there any more. */
  readonly unsent?: () => void;
  /** Writes are to hold all that was seen of their record: a dialect may not be able to ask for it. */
  readonly whole?: boolean;
  /** Where an error goes that a callback of the application threw. */
  readonly report: (error: unknown) => void;
}
