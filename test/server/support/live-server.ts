import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io, type Socket } from 'socket.io-client';
import { createServer, type MedullaServer, memoryStore, type ServerOptions } from '../../../src/server.ts';
import { handshake } from './fake-peer.ts';

/** A server that listens on the loopback, and clients that speak the wire by hand. */
export class LiveServer {
  readonly http: HttpServer;
  readonly medulla: MedullaServer;
  readonly url: string;
  readonly #sockets: Socket[] = [];

  private constructor(http: HttpServer, medulla: MedullaServer) {
    this.http = http;
    this.medulla = medulla;
    this.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  }

  static async start(options: Partial<ServerOptions> = {}, app?: RequestListener): Promise<LiveServer> {
    const http = createHttpServer(app);
    const defaults = {
      store: memoryStore(),
      authenticate: ({ user }: { user: string }) => user,
      log: () => undefined,
    };
    return LiveServer.listen(http, createServer(http, { ...defaults, ...options }));
  }

  static async listen(http: HttpServer, medulla: MedullaServer): Promise<LiveServer> {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new LiveServer(http, medulla);
  }

  /** A socket that is connecting. */
  dial(
    auth: object = handshake(),
    transports: string[] = ['websocket'],
    origin?: string,
    headers: Record<string, string> = {},
  ): Socket {
    const extraHeaders = origin === undefined ? headers : { origin, ...headers };
    const options = { auth, transports, extraHeaders, reconnection: false, forceNew: true };
    const socket = io(`${this.url}/medulla`, options);
    this.#sockets.push(socket);
    return socket;
  }

  /** A socket that was welcomed. */
  async connect(user = '', transports?: string[]): Promise<{ socket: Socket; welcome: unknown }> {
    const socket = this.dial(handshake(user), transports);
    const welcome = await next(socket, 'welcome');
    return { socket, welcome };
  }

  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.disconnect();
    await this.medulla.close();
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }
}

/** The next event of this name. */
export function next(socket: Socket, name: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    socket.once(name, resolve);
    if (name !== 'connect_error') socket.once('connect_error', reject);
  });
}
