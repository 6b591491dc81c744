import { type Log, silentLog } from '../base/log.ts';

/** One end of a line between a tab and a hub: a MessagePort, or its like in memory. Messages arrive in order, or not at all. */
export interface Port {
  /** Throws where the message cannot be cloned. */
  post(message: unknown): void;
  /** Called once, before the first message; messages that came earlier are delivered now. */
  listen(fn: (message: unknown) => void): void;
  /** Idempotent. The other end is told nothing. */
  close(): void;
}

/** As much of a MessagePort as is used. */
export interface MessagePortLike {
  onmessage: ((event: MessageEvent) => unknown) | null;
  onmessageerror: ((event: MessageEvent) => unknown) | null;
  postMessage(message: unknown): void;
  close(): void;
}

/**
 * A MessagePort as a {@link Port}. The platform keeps what arrives before `listen` and hands it over then. A message
 * that cannot be decoded here (it was made by a newer browser build, or ran out of memory) is dropped and logged; the
 * two ends count messages, so that the loss is noticed.
 */
export function messagePort(port: MessagePortLike, log: Log = silentLog): Port {
  return {
    post: (message) => port.postMessage(message),
    listen(fn) {
      port.onmessageerror = () => log('warn', 'message-undecodable');
      port.onmessage = (event) => fn(event.data); // setting it starts the port
    },
    close() {
      port.onmessage = port.onmessageerror = null;
      port.close();
    },
  };
}
