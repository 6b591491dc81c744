import type { Cancel, Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { UserId } from '../protocol/ids.ts';
import type { Connection } from './connection.ts';
import type { Storage } from './storage.ts';

/** Locks that end with their holder: how a hub says that it lives, and hears that a tab does not. */
export interface Locks {
  /** Takes the lock for good; resolves once it is held. `release` lets it go. */
  hold(name: string): Promise<Cancel>;
  /** Calls `fn` once when the lock, which somebody holds, falls free. */
  whenFree(name: string, fn: () => void): Cancel;
}

export const hubLock = (boot: string) => `medulla-hub:${boot}`;

/** All that a hub is made of. It touches no globals: what it needs comes in here. */
export interface HubParts {
  readonly user: UserId;
  /** Names this browser's database, in the handshake and in logs. */
  readonly device: string;
  readonly storage: Storage;
  /** Another storage over the database of nobody in particular, for its writes to be adopted from; absent in the hub that has it. */
  readonly anonymous?: (() => Storage) | undefined;
  readonly connection: Connection;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly options?: Partial<HubOptions>;
}

/** All in milliseconds, but for the counts. */
export interface HubOptions {
  /** How long a write or a read waits for the server before it is answered from here. */
  readonly patience: number;
  /** How long the database may take to open, before the hub goes on in memory: less than a tab waits for its hub. */
  readonly opening: number;
  /** How long the server may take to acknowledge a request before the link is given up. */
  readonly deadline: number;
  /** Bounds of the wait between two attempts to connect. */
  readonly backoff: { readonly base: number; readonly cap: number };
  /** How often a mutation is tried again after `retry`, before it is offered to the user. */
  readonly attempts: number;
  /** Batches on their way at once. */
  readonly inFlight: number;
}

export const HUB_DEFAULTS: HubOptions = {
  patience: 3_000,
  opening: 8_000,
  deadline: 20_000,
  backoff: { base: 500, cap: 30_000 },
  attempts: 12,
  inFlight: 3,
};
