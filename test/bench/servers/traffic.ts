import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { monotonic } from '../clock.ts';

/** Counts a server's TCP connections and their bytes, and cuts them. */
export class Traffic {
  readonly #live = new Set<Socket>();
  readonly #upgraded = new Set<Socket>();
  #read = 0;
  #written = 0;
  /** When the first WebSocket came since {@link cut}, on the common clock. */
  firstUpgrade: number | null = null;

  constructor(http: Server) {
    http.on('connection', (socket) => {
      this.#live.add(socket);
      socket.once('close', () => {
        this.#live.delete(socket);
        this.#upgraded.delete(socket);
        this.#read += socket.bytesRead;
        this.#written += socket.bytesWritten;
      });
    });
    http.prependListener('upgrade', (_request, socket) => {
      this.#upgraded.add(socket as Socket);
      this.firstUpgrade ??= monotonic();
    });
  }

  /** Ends all connections without a word. */
  cut(): void {
    for (const socket of this.#live) socket.destroy();
    this.firstUpgrade = null;
  }

  stats() {
    let read = this.#read;
    let written = this.#written;
    for (const socket of this.#live) {
      read += socket.bytesRead;
      written += socket.bytesWritten;
    }
    return { sockets: this.#upgraded.size, read, written, firstUpgrade: this.firstUpgrade };
  }
}

export type TrafficStats = ReturnType<Traffic['stats']>;
