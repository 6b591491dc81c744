import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Server, type ServerOptions, type Socket } from 'socket.io';
import type { UserId } from '../../src/protocol/ids.ts';
import type { Welcome } from '../../src/protocol/server-down.ts';

export const WELCOME: Welcome = {
  protocol: 1,
  user: 'ada' as UserId,
  node: 'node-1',
  number: 0,
  limits: { batch: 100, bytes: 1_000_000, record: 100_000, topics: 100 },
};

/** What the server does with a socket that has connected. */
export type Behaviour = (socket: Socket) => void;

export interface TestServer {
  readonly url: string;
  /** Handshakes and transports of all sockets that have connected, in order. */
  readonly sockets: Socket[];
  close(): Promise<void>;
}

export interface TestServerOptions extends Partial<ServerOptions> {
  /** A reason not to let a socket in. */
  readonly refuse?: () => (Error & { data?: unknown }) | undefined;
  /** Called in place of answering a WebSocket's request. */
  readonly swallow?: (count: number) => void;
}

/** A Socket.IO server that speaks the wire as `behave` says. */
export async function socketServer(
  behave: Behaviour,
  { refuse, swallow, ...options }: TestServerOptions = {},
): Promise<TestServer> {
  const http = createServer();
  const swallowed: Duplex[] = [];
  if (swallow) http.on('upgrade', (_request, stream) => swallow(swallowed.push(stream)));
  const io = new Server(http, options);
  const sockets: Socket[] = [];
  const medulla = io.of('/medulla');
  medulla.use((_socket, next) => next(refuse?.()));
  medulla.on('connection', (socket) => {
    sockets.push(socket);
    behave(socket);
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const close = () => {
    for (const stream of swallowed) stream.destroy();
    return io.close();
  };
  const { port } = http.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, sockets, close };
}
