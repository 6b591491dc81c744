import type { Server, Socket } from 'socket.io';
import { deferred } from '../../support/deferred.ts';
import { SocketIoServer } from './socket-io-server.ts';

/** One event that came, and what the test answers it with. */
export interface Called {
  readonly event: string;
  readonly content: unknown;
  /** Any event to the socket that it came from. */
  say(event: string, ...args: unknown[]): void;
}

/** A Socket.IO server that says what the test says. */
export class ScriptedServer extends SocketIoServer {
  readonly #waiting: Called[] = [];
  #wanted = deferred<void>();

  /** The next event that nobody has taken yet. */
  async next(): Promise<Called> {
    for (;;) {
      const called = this.#waiting.shift();
      if (called) return called;
      await this.#wanted.promise;
    }
  }

  /** How many have come that nobody has taken. */
  get untaken(): number {
    return this.#waiting.length;
  }

  protected override speak(io: Server): void {
    io.on('connection', (socket: Socket) => {
      socket.onAny((event: string, content: unknown) => {
        this.#waiting.push({ event, content, say: (...said) => void socket.emit(...said) });
        this.#wanted.resolve();
        this.#wanted = deferred<void>();
      });
    });
  }
}
