import type { Server, Socket } from 'socket.io';
import type { Json } from '../../../src/base/json.ts';
import type { Asked, ServerRecord } from './dialect-server.ts';
import { SocketIoServer, tried } from './socket-io-server.ts';

/**
 * Namespaced events: `tasks:create`, `tasks:7:update` and so on are answered by events of the same name, with `success`
 * and `data` in them, and told to the other sockets under that name, behind a prefix. It knows
 * nothing of keys, unless it is told their name.
 */
export class EventsServer extends SocketIoServer {
  readonly #keyAttribute: string;
  readonly #changePrefix: string;

  constructor({ keyAttribute = '', changePrefix = '' } = {}) {
    super();
    this.#keyAttribute = keyAttribute;
    this.#changePrefix = changePrefix;
  }

  protected override speak(io: Server): void {
    io.on('connection', (socket) => {
      socket.onAny((event: string, given: ServerRecord) => this.#hear(socket, event, given));
    });
  }

  protected override tell(topic: string, id: Json, attrs: ServerRecord | null, by?: unknown): void {
    const method = attrs ? this.telling : 'delete';
    const name = `${this.#changePrefix}${topic.slice(1).replaceAll('/', ':')}`;
    const event = method === 'create' ? `${name}:create` : `${name}:${id}:${method}`;
    const others = by ? (by as Socket).broadcast : this.io;
    others?.emit(event, attrs ?? { id });
  }

  #hear(socket: Socket, event: string, { [this.#keyAttribute]: key, ...given }: ServerRecord): void {
    const words = event.split(':');
    const method = words.pop() as Asked['method'];
    const record = /^\d+$/.test(words.at(-1) ?? '') ? Number(words.pop()) : null;
    const call = { method, topic: `/${words.join('/')}`, record, key };
    const answer = tried<Json>(
      () => ({
        success: true,
        data: this.act({ ...call, attrs: method === 'delete' ? null : given }, socket),
      }),
      (error) => ({ success: false, ...error }),
    );
    this.answered(socket, method, () => socket.emit(event, answer));
  }
}
