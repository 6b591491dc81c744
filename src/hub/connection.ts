import type { ErrorCode } from '../protocol/errors.ts';
import type { UserId } from '../protocol/ids.ts';
import type { Answers, ServerEvents, Welcome } from '../protocol/server-down.ts';
import type { RequestName, Requests } from '../protocol/server-up.ts';

/**
 * The hub's way to a server. An adapter knows one wire; it makes one attempt and reports. It does not queue, retry,
 * reconnect or time out: the hub does. Socket.IO is one adapter, each dialect another.
 */
export interface Connection {
  /** Starts one attempt. `listener` hears of `opened` at most once and of `closed` exactly once, never during the call. */
  connect(hello: Hello, listener: LinkListener): Link;
}

export interface Hello {
  readonly user: UserId;
  readonly token: string | null;
  readonly device: string;
}

export interface LinkListener {
  opened(welcome: Welcome): void;
  /** Something that the server sent unasked. */
  event<K extends Exclude<keyof ServerEvents, 'welcome'>>(name: K, event: ServerEvents[K]): void;
  /** The link is gone for good; `end` says whether trying again as before makes sense. */
  closed(end: LinkEnd): void;
}

/** `lost`: the network's or the server's fault, try again. `refused`: the server said no, with a code. */
export type LinkEnd =
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string };

export interface Link {
  /**
   * The parsed answer. Rejects with a MedullaError: with the server's own code where it refused the request;
   * `bad-message` where the answer does not parse; `unreachable` where the link ended first (the server may have
   * acted all the same).
   */
  request<K extends RequestName>(name: K, request: Requests[K]): Promise<Answers[K]>;
  /** Idempotent. `closed` follows with `lost`, unless it was told already. */
  close(): void;
}
