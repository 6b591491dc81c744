import type { UserId } from '../../protocol/ids.ts';

/** What the application may know of a connection. */
export interface SessionInfo {
  /** Random; one connection. */
  readonly id: string;
  readonly user: UserId;
  /** Names the browser's database, for logs. */
  readonly device: string;
  /** Whatever `authenticate` returned. */
  readonly identity: unknown;
  readonly request: RequestInfo;
  /** Tells its pages what is no change: they hear 'message' with the type, '' for none, and the content, which is JSON. */
  send(type: string, content?: unknown): void;
}

/** The request that opened the connection. */
export interface RequestInfo {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly address: string;
  /** Node's own request, with what the middleware in `handshake` has put on it, as a session; not where there is no wire. */
  readonly raw?: unknown;
}
