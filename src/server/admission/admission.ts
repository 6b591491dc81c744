import type { UserId } from '../../protocol/ids.ts';
import type { RequestInfo } from '../resource/session-info.ts';

/**
 * Who this is: a user, an object with a `user` (kept as the session's `identity`), or null = nobody whom we let in. `until`: milliseconds since 1970, as
 * a token's end: then the connection ends, and the next needs another token.
 */
export type Identity =
  | string
  | number
  | { readonly user: string | number; readonly until?: number | undefined }
  | null
  | undefined;

/** Who was let in, and by what. */
export interface Admission {
  readonly user: UserId;
  readonly device: string;
  readonly token: string | null;
  readonly identity: Identity;
  readonly request: RequestInfo;
  /** Until when, in milliseconds since 1970. */
  readonly until: number;
  /** The receipt number that was current. */
  readonly number: number;
  /** As whom its connections are counted; '' = they are not. */
  readonly who: string;
  /** How often it had been asked before who somebody is. */
  readonly asked: number;
}
