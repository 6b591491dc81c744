import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Namespace, Server, type Socket } from 'socket.io';
import type { Asked, DialectServer } from './dialect-server.ts';
import { type ServerCall, ServerRecords } from './server-records.ts';

/** A small real Socket.IO server, which a dialect teaches its wire. */
export abstract class SocketIoServer extends ServerRecords implements DialectServer {
  /** Events as they came, in order, without their acknowledgements. */
  readonly heard: (readonly [event: string, ...args: unknown[]])[] = [];
  /** What is told is told as this. */
  protected telling: Asked['method'] = 'update';
  #io: Server | null = null;
  #port = 0;
  #loses = false;

  /** The wire, in Socket.IO's root namespace and in others. */
  protected abstract speak(io: Server): void;

  protected get io(): Server | null {
    return this.#io;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Its browsers' sockets; what a backend has beside them is carried by them. */
  get sockets(): number {
    return this.#io?.engine.clientsCount ?? 0;
  }

  /** Says something of its own to all. */
  say(event: string, ...args: unknown[]): void {
    this.#io?.emit(event, ...args);
  }

  /** The same, in a namespace. */
  sayIn(namespace: string, event: string, ...args: unknown[]): void {
    this.#io?.of(namespace).emit(event, ...args);
  }

  loseAnswer(): void {
    this.#loses = true;
  }

  async start(): Promise<void> {
    const http = createServer();
    const io = new Server(http);
    this.#io = io;
    io.on('new_namespace', (namespace) => this.#listen(namespace));
    this.#listen(io.of('/'));
    this.speak(io);
    await new Promise<void>((done) => http.listen(this.#port, '127.0.0.1', done));
    this.#port = (http.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await this.#io?.close();
    this.#io = null;
  }

  /** As handle, with what is told of it in the method's name. */
  protected act(call: ServerCall, by: Socket): ReturnType<ServerRecords['handle']> {
    this.telling = call.method;
    try {
      return this.handle(call, by);
    } finally {
      this.telling = 'update';
    }
  }

  /** Answers, unless this is the answer that is to be lost, and the connection with it. */
  protected answered(socket: Socket, method: string, answer: () => void): void {
    const isLost = this.#loses && method !== 'read';
    if (isLost) this.#loses = false;
    if (isLost) socket.conn.close();
    else answer();
  }

  #listen(namespace: Namespace): void {
    namespace.on('connection', (socket) =>
      socket.onAny((event: string, ...args: unknown[]) => {
        this.heard.push([event, ...args.filter((arg) => typeof arg !== 'function')]);
      }),
    );
  }
}

/** Runs it; what it throws, as the answer says it. */
export function tried<T>(act: () => T, failed: (error: { code: string; message: string }) => T): T {
  try {
    return act();
  } catch (error) {
    const { code, message } = error as Error & { code: string };
    return failed({ code, message });
  }
}
