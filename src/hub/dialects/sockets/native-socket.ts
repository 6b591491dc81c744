export interface NativeSocketListener {
  opened(): void;
  heard(message: unknown): void;
  /** Once, and never during a call. */
  closed(code: number, reason: string): void;
}

export interface NativeSocket {
  send(text: string): void;
  /** `closed` follows at once: nobody waits for the other side's goodbye. */
  close(): void;
}

/** Tells the life of one WebSocket of the platform's. */
export function nativeSocket(socket: WebSocket, listener: NativeSocketListener): NativeSocket {
  let ended = false;
  const end = (code: number, reason: string) => {
    if (ended) return;
    ended = true;
    socket.close();
    queueMicrotask(() => listener.closed(code, reason));
  };
  socket.addEventListener('open', () => ended || listener.opened());
  socket.addEventListener('message', ({ data }) => ended || listener.heard(data));
  socket.addEventListener('close', ({ code, reason }) => end(code, reason));
  return { send: (text) => socket.send(text), close: () => end(1000, 'closed by the hub') };
}
