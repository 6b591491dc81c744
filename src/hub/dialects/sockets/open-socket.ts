import { isObject } from '../../../base/json.ts';
import type { LinkEnd } from '../../connection.ts';
import { jsonIn } from '../said/json-in.ts';
import { refusalOf } from '../said/refusal-of.ts';
import type { SocketLike } from '../wire-parts.ts';

export interface SocketListener {
  opened(): void;
  heard(event: string, args: readonly unknown[]): void;
  /** Once, and never during a call. `wasOpen`: it was not given up before anybody answered. */
  closed(end: LinkEnd, wasOpen: boolean): void;
}

export interface OpenSocket {
  /** Without effect before it is open and after its end: nothing is kept for later. */
  emit(event: string, ...args: unknown[]): void;
  close(): void;
}

/** Opens a Socket.IO socket for one link, and tells its life. */
export function openSocket(socket: SocketLike, listener: SocketListener): OpenSocket {
  let state: 'opening' | 'open' | 'ended' = 'opening';

  function end(why: LinkEnd, answered = true): void {
    if (state === 'ended') return;
    const wasOpen = answered || state === 'open';
    state = 'ended';
    socket.disconnect();
    queueMicrotask(() => listener.closed(why, wasOpen));
  }

  socket.on('connect', () => {
    // What comes once this one has ended is its successor's: there is one socket for each namespace of a connection.
    if (state !== 'opening') return;
    state = 'open';
    listener.opened();
  });
  socket.onAny((event, ...args) => {
    if (state === 'open') listener.heard(event, args);
  });
  socket.on('disconnect', (reason: string) => end({ type: 'lost', reason }));
  socket.on('connect_error', (error: Error & { readonly data?: unknown }) => {
    const data = jsonIn(error.data);
    if (!isObject(data)) return end({ type: 'lost', reason: error.message });
    const { code, message } = refusalOf({ message: error.message, ...data });
    end({ type: 'refused', code, message });
  });
  socket.connect();
  return {
    emit(event, ...args) {
      if (state === 'open') socket.emit(event, ...args);
    },
    close: () => end({ type: 'lost', reason: 'closed by the hub' }, false),
  };
}
