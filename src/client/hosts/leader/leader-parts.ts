import type { Clock } from '../../../base/clock.ts';
import type { Log } from '../../../base/log.ts';
import type { OwnHub } from '../page-host.ts';
import type { LeaderLocks } from './leader-locks.ts';
import type { Presence } from './presence.ts';

/** As much of a BroadcastChannel as is used. */
export interface ChannelLike {
  onmessage: ((event: MessageEvent) => unknown) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/** What a tab needs to lead, or to follow a leader. */
export interface LeaderParts {
  /** Names the lock of the leader, and the channel on which it is found: one for each server, path and user. */
  readonly name: string;
  /** What this page speaks: who speaks an older one leads no page of a newer one. */
  readonly protocol: number;
  readonly locks: LeaderLocks;
  readonly open: (name: string) => ChannelLike;
  /** Starts a hub in this page. `afterSilent`: the one before says nothing any more, and may still be in the database. */
  readonly start: (afterSilent: boolean) => OwnHub;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  /** Milliseconds without an answer from whoever leads, after which it is replaced. */
  readonly deadline: number;
}

/** What goes over the channel on which a leader is found. */
export type Call =
  /** A tab wants a port, over the channel of this name; it holds the lock of the same name until it wants it no more. */
  | {
      readonly type: 'join';
      readonly pair: string;
      readonly visible: boolean;
      readonly protocol: number;
    }
  /** A tab that follows can be seen now. */
  | { readonly type: 'visible' }
  /** Another tab leads from now on. */
  | { readonly type: 'leads'; readonly leader: string };

const visibleLocks = (name: string) => `${name}:visible:`;

/** The lock that tabs of one protocol share whom somebody can see. */
export const visibleLock = ({ name, protocol }: Pick<LeaderParts, 'name' | 'protocol'>) =>
  `${visibleLocks(name)}${protocol}`;

/** Whether somebody can see another tab, which could lead in the place of one that nobody sees. */
export const isOtherSeen = (
  { name, protocol }: Pick<LeaderParts, 'name' | 'protocol'>,
  holders: ReadonlyMap<string, string>,
): boolean => seenProtocols(name, holders).some((seen) => seen >= protocol);

/** The protocols of those whom somebody can see, by the locks that they hold. */
export function seenProtocols(name: string, holders: ReadonlyMap<string, string>): number[] {
  const start = visibleLocks(name);
  return [...holders.keys()]
    .filter((lock) => lock.startsWith(start))
    .map((lock) => Number(lock.slice(start.length)));
}
