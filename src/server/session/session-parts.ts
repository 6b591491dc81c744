import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { ServerEvents } from '../../protocol/server-down.ts';
import type { Admission } from '../admission/admission.ts';
import type { Rates } from '../limits/rates.ts';
import type { ServerLimits } from '../limits/server-limits.ts';
import type { Meter } from '../metrics/meter.ts';
import type { Delivery } from '../publish/delivery.ts';
import type { MiddlewareStack } from '../resource/middleware.ts';
import type { Resources } from '../resource/resources.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import type { Viewers } from '../sight/viewers.ts';
import type { PageBounds, Store, StoreOutcome, StoreWrite } from '../store.ts';

/** What a session is made of; the same for all sessions of a server. */
export interface SessionParts {
  readonly store: Store;
  readonly resources: Resources;
  /** Middleware of all resources. */
  readonly common: MiddlewareStack;
  readonly limits: ServerLimits;
  readonly rates: Rates;
  readonly page: PageBounds;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Those who follow what not everybody sees alike. */
  readonly viewers: Viewers;
  readonly meter: Meter;
  /** Who this is now, with what was said when it was let in. Rejects with a MedullaError where that lets nobody in any more. */
  recognise(admission: Admission): Promise<Admission>;
  /** What the application answers to a message. */
  heard(session: SessionInfo, content: unknown): Promise<unknown>;
  /** Where somebody begins to follow: see Delivery. */
  readonly delivery: Pick<Delivery, 'began'>;
  /** Commits, then tells those who follow. */
  commit(writes: readonly StoreWrite[]): Promise<readonly StoreOutcome[]>;
}

/** The other end of a connection, and its place among those who hear of a topic's changes. */
export interface Peer {
  send<K extends keyof ServerEvents>(name: K, event: ServerEvents[K]): void;
  /** From now on this peer hears of the topic's changes. */
  join(topic: Topic): void | Promise<void>;
  leave(topic: Topic): void | Promise<void>;
  /** Null where it may be told more; else it resolves once it has read most of what it was told, or is gone. */
  room(): Promise<void> | null;
  /** Nobody waits any more until it reads. */
  ended(): void;
  /** Tells the others who follow the topic. */
  tellOthers(topic: Topic, note: Note): void;
  /** Hangs up, once what was said before has gone out. */
  close(): void | Promise<void>;
}

/** How long a client is to wait before it tries again what the server could not do, in milliseconds. */
export const RETRY_AFTER = 1_000;
