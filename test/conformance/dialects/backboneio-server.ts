import type { Server, Socket } from 'socket.io';
import type { Json } from '../../../src/base/json.ts';
import type { Asked, ServerRecord } from './dialect-server.ts';
import { SocketIoServer, tried } from './socket-io-server.ts';

interface Request {
  readonly method: Asked['method'];
  readonly model: ServerRecord;
}
type Reply = (error: unknown, response?: unknown) => void;

/**
 * Backbone.IO 0.4 on today's Socket.IO: each backend a namespace, `listen` joins a channel, `sync` is acknowledged with
 * `(error, response)`, and what was written is `synced` to the others of the channel, or of the backend.
 */
export class BackboneIoServer extends SocketIoServer {
  readonly #backends: readonly string[];

  constructor(...backends: string[]) {
    super();
    this.#backends = backends;
  }

  /** Says something of its own to all of a backend. */
  override say(backend: string, event: string, ...args: unknown[]): void {
    this.io?.of(backend).emit(event, ...args);
  }

  protected override speak(io: Server): void {
    for (const name of this.#backends) io.of(name).on('connection', (socket) => this.#serve(name, socket));
  }

  protected override tell(topic: string, id: Json, attrs: ServerRecord | null, by?: unknown): void {
    const [, backend = '', ...channel] = topic.split('/');
    const all = this.io?.of(backend);
    const there = channel.length > 0 ? all?.to(channel.join('/')) : all;
    const others = by ? there?.except((by as Socket).id) : there;
    others?.emit('synced', attrs ? this.telling : 'delete', attrs ?? { id });
  }

  #serve(name: string, socket: Socket): void {
    let topic = `/${name}`;
    socket.on('listen', async (channel: string | null, ready: (options: object) => void) => {
      if (channel) {
        topic = `/${name}/${channel}`;
        await socket.join(channel);
      }
      ready({ event: 'backend' });
    });
    socket.on('sync', ({ method, model }: Request, reply: Reply) => {
      const record = method === 'create' || Array.isArray(model) ? null : (model.id ?? null);
      const answer = tried<[unknown, unknown?]>(
        () => [null, this.act({ method, topic, record, attrs: method === 'delete' ? null : model }, socket)],
        (error) => [{ error: { name: 'Error', ...error } }],
      );
      this.answered(socket, method, () => reply(...answer));
    });
  }
}
