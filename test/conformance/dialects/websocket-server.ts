import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Json } from '../../../src/base/json.ts';
import type { Asked, DialectServer, ServerRecord } from './dialect-server.ts';
import { ServerRecords } from './server-records.ts';
import { tried } from './socket-io-server.ts';

/**
 * Backbone.WS's wire: a message is attributes with `method` and `url` beside them. It is answered with the result as
 * `data`, and each write is handed on to the others as it came.
 */
export class NativeServer extends ServerRecords implements DialectServer {
  /** Messages as they came, in order. */
  readonly heard: ServerRecord[] = [];
  /** Urls and subprotocols of the sockets that came, in order. */
  readonly handshakes: { readonly url: string; readonly protocol: string }[] = [];
  /** Whether answers name the request; else they come in order. */
  readonly #echoes: boolean;
  #server: WebSocketServer | null = null;
  #port = 0;
  #loses = false;

  constructor({ echoes = true } = {}) {
    super();
    this.#echoes = echoes;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get clients(): ReadonlySet<WebSocket> {
    return this.#server?.clients ?? new Set<WebSocket>();
  }

  get sockets(): number {
    return this.clients.size;
  }

  /** Says something of its own to all. */
  say(message: object): void {
    for (const socket of this.clients) socket.send(JSON.stringify(message));
  }

  loseAnswer(): void {
    this.#loses = true;
  }

  async start(): Promise<void> {
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    this.#server = server;
    server.on('connection', (socket, { url = '' }) => {
      this.handshakes.push({ url, protocol: socket.protocol });
      socket.on('message', (text) => this.#hear(socket, JSON.parse(String(text))));
    });
    server.on('close', () => http.close());
    await new Promise<void>((done) => http.listen(this.#port, '127.0.0.1', done));
    this.#port = (http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of server?.clients ?? []) socket.terminate();
    await new Promise<void>((done) => (server ? server.close(() => done()) : done()));
  }

  protected override tell(topic: string, id: Json, attrs: ServerRecord | null, by?: unknown): void {
    const method = attrs ? 'update' : 'delete';
    const message = JSON.stringify({ method, url: `${topic}/${id}`, ...attrs });
    for (const socket of this.clients) if (socket !== by) socket.send(message);
  }

  #hear(socket: WebSocket, message: ServerRecord): void {
    this.heard.push(message);
    const { method, url, requestId, ...attrs } = message;
    if (!method) return;
    const [, name = '', id] = String(url).split('/');
    const record = id === undefined ? null : Number(id);
    const call = { method: method as Asked['method'], topic: `/${name}`, record };
    const answer = tried<object>(
      () => ({ data: this.handle({ ...call, attrs: method === 'delete' ? null : attrs }, socket) }),
      (error) => ({ error }),
    );
    if (this.#loses && method !== 'read') {
      this.#loses = false;
      socket.terminate();
    } else socket.send(JSON.stringify({ ...answer, ...(this.#echoes && { requestId }) }));
  }
}
