import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Json } from '../../../src/base/json.ts';
import type { MedullaError } from '../../../src/protocol/errors.ts';
import type { Asked, DialectServer, ServerRecord } from './dialect-server.ts';
import { ServerRecords } from './server-records.ts';

const METHODS: Readonly<Record<string, Asked['method']>> = {
  GET: 'read',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A plain JSON server, as stock Backbone expects one: `/tasks` and `/tasks/7`, ETags, an Idempotency-Key, a stream of events at `/events`. */
export class RestServer extends ServerRecords implements DialectServer {
  readonly sockets = null;
  /** Every request, as it came. */
  readonly received: Received[] = [];
  /** What answers a request first, where it does. */
  before: (received: Received, response: ServerResponse) => boolean = () => false;
  readonly #streams = new Set<ServerResponse>();
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;
  #loses = false;

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** How many read the stream of events. */
  get streams(): number {
    return this.#streams.size;
  }

  loseAnswer(): void {
    this.#loses = true;
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#take(request, response));
    this.#server.on('connection', (socket) => {
      this.#open.add(socket);
      socket.on('close', () => this.#open.delete(socket));
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#open) socket.destroy();
    this.#streams.clear();
    await closed;
  }

  /** Says something to all who read the stream. */
  say(event: string): void {
    for (const stream of this.#streams) stream.write(`${event}\n\n`);
  }

  /** The streams end, as behind a proxy that has had enough. */
  endStreams(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  protected override tell(topic: string, id: Json, attrs: ServerRecord | null): void {
    const method = attrs ? 'update' : 'delete';
    this.say(`data: ${JSON.stringify({ topic, method, record: attrs ?? { id } })}`);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: await text(request),
    };
    if (received.method !== 'HEAD') this.received.push(received);
    if (this.before(received, response)) return;
    const { pathname } = new URL(received.url, this.url);
    if (received.method === 'HEAD') response.end();
    else if (pathname === '/events') this.#stream(response);
    else this.#answer(received, pathname, response);
  }

  #stream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 20\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  #answer({ method, headers, body }: Received, path: string, response: ServerResponse): void {
    const [, topic = '', id] = /^(\/[a-z]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    const record = id === undefined ? null : /^\d+$/.test(id) ? Number(id) : decodeURIComponent(id);
    const kind = METHODS[method] ?? 'read';
    try {
      const attrs = body ? JSON.parse(body) : null;
      const key = kind === 'read' ? undefined : headers['idempotency-key'];
      const content = this.handle({ method: kind, topic, record, attrs, key });
      if (kind !== 'read' && this.#loses) {
        this.#loses = false;
        response.destroy();
        return;
      }
      const json = JSON.stringify(content);
      const etag = `"${createHash('sha1').update(json).digest('base64')}"`;
      if (headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
      else response.writeHead(200, { 'content-type': 'application/json', etag }).end(json);
    } catch (error) {
      const { status, message } = error as MedullaError;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    }
  }
}
