import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { HeldStream } from './held-stream.ts';

/** `up` is toward the server, `down` toward the browser. */
export type Direction = 'up' | 'down';

interface Line {
  readonly client: Socket;
  readonly server: Socket;
  readonly streams: Readonly<Record<Direction, HeldStream>>;
}

/** Stands before a server, so that a test can do to the network what browsers' own switches cannot do to a worker. */
export class TcpProxy {
  readonly #target: number;
  readonly #lines = new Set<Line>();
  readonly #held = new Set<Direction>();
  #listener: Server | undefined;
  #delay = 0;
  /** The port that browsers connect to; it stays the same over `cut` and `restore`. */
  port = 0;
  /** Connections accepted since the start. */
  accepted = 0;
  readonly bytes: Record<Direction, number> = { up: 0, down: 0 };

  private constructor(target: number) {
    this.#target = target;
  }

  static async open(target: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(target);
    await proxy.restore();
    return proxy;
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#lines.size;
  }

  /** Resets every connection and refuses new ones. What was held is lost. */
  cut(): void {
    this.#listener?.close();
    this.#listener = undefined;
    this.reset();
  }

  /** Resets every connection; new ones are welcome. */
  reset(): void {
    for (const line of this.#lines) this.#end(line);
  }

  /** Takes connections again, and lets everything through. */
  async restore(): Promise<void> {
    this.flow();
    if (this.#listener) return;
    const listener = createServer((client) => this.#accept(client));
    this.#listener = listener;
    listener.listen(this.port, '127.0.0.1');
    await once(listener, 'listening');
    this.port = (listener.address() as AddressInfo).port;
  }

  /** A black hole: what goes these ways arrives no more, until `flow` brings it or `cut` loses it. */
  hold(...directions: Direction[]): void {
    for (const direction of directions) this.#held.add(direction);
    this.#tell();
  }

  flow(): void {
    this.#held.clear();
    this.#tell();
  }

  /** From now on every piece takes so many milliseconds, each way. */
  delay(ms: number): void {
    this.#delay = ms;
    this.#tell();
  }

  close(): void {
    this.cut();
  }

  #accept(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1');
    const count = (direction: Direction) => (size: number) => {
      this.bytes[direction] += size;
    };
    const line: Line = {
      client,
      server,
      streams: {
        up: new HeldStream(client, server, count('up')),
        down: new HeldStream(server, client, count('down')),
      },
    };
    this.accepted++;
    this.#lines.add(line);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.#end(line));
      socket.on('close', () => this.#end(line));
    }
    this.#tell();
  }

  #tell(): void {
    for (const { streams } of this.#lines) {
      for (const direction of ['up', 'down'] as const) {
        streams[direction].delay = this.#delay;
        streams[direction].held = this.#held.has(direction);
      }
    }
  }

  #end(line: Line): void {
    if (!this.#lines.delete(line)) return;
    line.client.resetAndDestroy();
    line.server.resetAndDestroy();
  }
}
