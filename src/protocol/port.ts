/** One end of a line between a tab and a hub: a MessagePort, or its like in memory. Messages arrive in order, or not at all. */
export interface Port {
  /** Throws where the message cannot be cloned. */
  post(message: unknown): void;
  /** Called once, before the first message; messages that came earlier are delivered now. */
  listen(fn: (message: unknown) => void): void;
  /** Idempotent. The other end is told nothing. */
  close(): void;
}
