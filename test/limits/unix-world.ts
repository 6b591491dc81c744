import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Server } from 'socket.io';
import { unread } from '../../src/server/limits/unread.ts';
import { createServer, type MedullaServer, memoryStore } from '../../src/server.ts';
import { RawSocket } from './raw-socket.ts';

/** Node's timer for a connection ends there. */
interface Timed extends Socket {
  _onTimeout(): void;
}

/**
 * A server of which one can see what waits in it for its clients. It listens on a socket of the file system, for which the
 * system itself keeps little: over TCP that is tens of megabytes.
 */
export class UnixWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'medulla-unix-'));
  readonly file = join(this.folder, 'server.sock');
  /** For a RawSocket. */
  readonly url = `ws+unix:${this.file}:`;
  readonly medulla: MedullaServer;
  readonly #http = createHttpServer();
  readonly #lines = new Set<Socket>();
  readonly #io = new Server(this.#http);
  readonly #publish: (n: number, bytes: number) => Promise<unknown>;

  private constructor(most: number) {
    const log = () => undefined;
    this.#http.on('connection', (line) => {
      this.#lines.add(line);
      line.on('close', () => this.#lines.delete(line));
    });
    this.medulla = createServer(this.#io, {
      store: memoryStore(),
      authenticate: ({ user }) => user,
      limits: { unread: most },
      log,
    });
    const tasks = this.medulla.resource('/tasks', { public: true });
    this.#publish = (n, bytes) =>
      tasks.publish({ record: `r${n % 10}`, set: { n, text: 'x'.repeat(bytes) } });
  }

  /** What was handed to connections of the system and is not there yet, as of those by polling. */
  get unsent(): number {
    return [...this.#lines].reduce((sum, line) => sum + line.writableLength, 0);
  }

  /**
   * What the system does with connections over which nothing has gone for so long, where that is as long as was asked
   * for, in milliseconds: it looks whether something of what waits was read, and says so where nothing was.
   */
  idle(ms: number): void {
    for (const line of this.#lines) if (line.timeout && line.timeout <= ms) (line as Timed)._onTimeout();
  }

  static async start(most: number): Promise<UnixWorld> {
    const world = new UnixWorld(most);
    world.#http.listen(world.file);
    await once(world.#http, 'listening');
    return world;
  }

  /** The most that waits for one of them. */
  get waiting(): number {
    return Math.max(0, ...[...this.#io.of('/medulla').sockets.values()].map(({ conn }) => unread(conn)));
  }

  /** Changes one of ten records. Resolves with the most that waits then. */
  async publish(n: number, bytes = 20_000): Promise<number> {
    await this.#publish(n, bytes);
    // What happens in one turn is told as one.
    await setImmediate();
    return this.waiting;
  }

  async end(): Promise<void> {
    RawSocket.end();
    await this.medulla.close();
    await new Promise((resolve) => this.#http.close(resolve));
    rmSync(this.folder, { recursive: true });
  }
}
