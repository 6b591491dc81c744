import type { Cancel } from '../base/clock.ts';
import type { Boot } from '../protocol/ids.ts';
import type { Port } from '../protocol/port.ts';

export type HostKind = 'shared' | 'leader' | 'service' | 'page';
/** What an application may ask for: a kind, or the best that there is. */
export type HostChoice = 'auto' | HostKind;

/** Where a tab gets its hub from. */
export interface Host {
  /** It may change with a join; null: it is not known before the first. */
  readonly kind: HostKind | null;
  /** Why it is not the best kind of host, or not the one that was asked for; null where it is. */
  readonly reason: string | null;
  /**
   * A port to the hub that is current; starts one if there is none. `dead` is the boot that the caller found dead: it
   * is not joined again ('' = the hub behind the last port never told its boot). `failed`: why it can never be one, so
   * that another kind of host is to be tried. Rejects where no hub can be had.
   */
  join(dead: Boot | null, failed?: string): Promise<Port>;
  /** Calls `fn` once when the holder of the hub's lock is gone; `lock` is the name that the hub's welcome gave. */
  watch(lock: string, fn: () => void): Cancel;
}
