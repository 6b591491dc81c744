import { Socket as Engine, type SocketOptions } from 'engine.io-client';

/** What is heard over a connection to a namespace; nothing after `ended`. */
export interface SocketIoListener {
  event(name: string, args: readonly unknown[]): void;
  /** It never came to be, or is no more; `data`: what the server gave where it let nobody in. */
  ended(reason: string, data?: unknown): void;
}

/** The first character of a packet, of the Socket.IO protocol, version 5; those with binary parts are not made here. */
const [CONNECT, DISCONNECT, EVENT, ACK, CONNECT_ERROR] = ['0', '1', '2', '3', '4'];

/**
 * One connection to one namespace of a Socket.IO server, over Engine.IO's transports and heartbeat. Socket.IO's own
 * client would weigh three times this, and most of it is what the hub does itself: to queue, retry, reconnect, recover.
 *
 *   packet = type [/namespace,] [id] [JSON]
 */
export class SocketIo {
  readonly #engine: Engine;
  readonly #namespace: string;
  readonly #listener: SocketIoListener;
  readonly #acks = new Map<string, (answer: unknown) => void>();
  #ids = 0;
  #state: 'opening' | 'open' | 'ended' = 'opening';

  constructor(
    server: string,
    options: SocketOptions,
    { namespace, auth, listener }: { namespace: string; auth: object; listener: SocketIoListener },
  ) {
    this.#namespace = namespace;
    this.#listener = listener;
    this.#engine = new Engine(server, options);
    this.#engine.on('open', () => this.#send(CONNECT, auth));
    this.#engine.on('data', (packet: unknown) => this.#hear(String(packet)));
    this.#engine.on('error', (error) => this.#end(String((error as Partial<Error>).message ?? error)));
    this.#engine.on('close', (reason) => this.#end(reason));
  }

  emit(name: string, request: unknown, ack: (answer: unknown) => void): void {
    // After a sleep the heartbeat is found late here, before its timer has run: the engine closes then.
    if (this.#state !== 'open' || this.#engine._hasPingExpired()) return;
    const id = String(this.#ids++);
    this.#acks.set(id, ack);
    this.#send(EVENT, [name, request], id);
  }

  /** Nothing is heard of it. */
  close(): void {
    if (this.#state === 'open') this.#send(DISCONNECT);
    this.#state = 'ended';
    this.#engine.close();
  }

  #send(type = EVENT, content?: unknown, id = ''): void {
    const json = content === undefined ? '' : JSON.stringify(content);
    this.#engine.write(`${type}${this.#namespace},${id}${json}`);
  }

  #hear(packet: string): void {
    const [, type, namespace, id = '', json = ''] = /^(\d)(?:(\/[^,]*),?)?(\d*)(.*)$/s.exec(packet) ?? [];
    let content: unknown;
    try {
      content = json && JSON.parse(json);
    } catch {
      this.#end('parse error');
      return;
    }
    // A listener that throws must not keep the engine from the rest of what came with this.
    if (namespace === this.#namespace) queueMicrotask(() => this.#receive(type, content, id));
  }

  #receive(type: string | undefined, content: unknown, id: string): void {
    if (this.#state === 'ended') return;
    const { message, data } = Object(content) as { message?: unknown; data?: unknown };
    const args: readonly unknown[] = Array.isArray(content) ? content : [];
    if (type === CONNECT) this.#state = 'open';
    else if (type === EVENT) this.#listener.event(String(args[0]), args.slice(1));
    else if (type === ACK) {
      const ack = this.#acks.get(id);
      this.#acks.delete(id);
      ack?.(args[0]);
    } else if (type === CONNECT_ERROR) this.#end(String(message), data);
    else if (type === DISCONNECT) this.#end('io server disconnect');
  }

  #end(reason: string, data?: unknown): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#engine.close();
    this.#listener.ended(reason, data);
  }
}
