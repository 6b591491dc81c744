import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Topic } from '../protocol/ids.ts';
import type { Note } from '../protocol/messages/note.ts';
import type { Renew } from './admission/admissions.ts';
import type { Authenticate } from './admission/admit.ts';
import type { Rate } from './limits/rate.ts';
import type { RateName } from './limits/rates.ts';
import type { ServerLimits } from './limits/server-limits.ts';
import type { Who } from './limits/who.ts';
import type { Meter } from './metrics/meter.ts';
import type { Nodes } from './publish/nodes.ts';
import type { Run } from './publish/run.ts';
import type { History } from './resource/resource.ts';
import type { PageBounds, Store } from './store.ts';

export interface CoreOptions {
  readonly store: Store;
  /** Without it everybody is the anonymous user ''. */
  readonly authenticate?: Authenticate | undefined;
  /** The request of a connection as it is now, before `authenticate` is asked again; by default the same. */
  readonly renew?: Renew | undefined;
  readonly limits?: Partial<ServerLimits> | undefined;
  /** How much one user may do; without a rate there is no bound. */
  readonly rates?: Readonly<Partial<Record<RateName, Rate>>> | undefined;
  /** Who counts as one user there, and in the number of connections. */
  readonly who?: Who | undefined;
  /** How much of a snapshot goes into one message. */
  readonly page?: Partial<PageBounds> | undefined;
  /** How much of each topic's log is kept, where its resource says nothing else. */
  readonly history?: Partial<History> | undefined;
  /** For how long a repeated write gets its first answer. A write that was under way for longer is `lost`. */
  readonly receiptDays?: number | undefined;
  readonly log?: Log | undefined;
  /** Counts what is done; nobody does by default. */
  readonly meter?: Meter | undefined;
  /** Its `now` must be milliseconds since 1970, as the store outlives the process. */
  readonly clock: Clock;
  readonly random: Random;
  /** Runs `fn` at the end of this turn of the event loop: what is published until then goes out together. */
  readonly turn: (fn: () => void) => void;
  /** The other nodes over the same store. */
  readonly nodes?: Nodes | undefined;
  /** Tells all peers of this node that joined the topic; needed where peers bring `join` and `leave` of their own. */
  readonly broadcast?: ((run: Run) => void) | undefined;
  /** Tells what is no change to those who follow the topic on any node; without a topic to everybody. */
  readonly announce?: ((note: Note, topic: Topic | undefined) => void) | undefined;
}

export const DEFAULT_PAGE: PageBounds = { rows: 5_000, bytes: 1_048_576 };
export const DEFAULT_HISTORY: History = { changes: 10_000, days: 30 };
export const DEFAULT_RECEIPT_DAYS = 180;
