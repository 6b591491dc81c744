import type { Server, Socket } from 'socket.io';
import type { ServerRecord } from '../dialects/dialect-server.ts';
import { SocketIoServer } from '../dialects/socket-io-server.ts';

interface Message {
  readonly signature: { readonly endPoint: string; readonly ctx?: string };
  readonly item: ServerRecord;
}

const eventOf = (operation: string, { endPoint, ctx }: Message['signature']) =>
  `${operation}:${endPoint}${ctx ? `:${ctx}` : ''}`;

/** The whole of what a server of signatures has to be: an id for a create, what there is for a read, `success` for the rest. */
export class StubServer extends SocketIoServer {
  readonly #users = new Map<number, ServerRecord>();
  #last = 0;

  protected override speak(io: Server): void {
    io.on('connection', (socket: Socket) => {
      socket.on('create', ({ signature, item }: Message) => {
        const id = ++this.#last;
        this.#users.set(id, { ...item, id });
        socket.emit(eventOf('create', signature), { id });
      });
      socket.on('read', ({ signature }: Message) => {
        const [, id] = /\/(\d+)$/.exec(signature.endPoint) ?? [];
        const data = id ? this.#users.get(Number(id)) : [...this.#users.values()];
        socket.emit(eventOf('read', signature), data);
      });
      socket.on('update', ({ signature, item }: Message) => {
        this.#users.set(Number(item.id), item);
        socket.emit(eventOf('update', signature), { success: true });
      });
      socket.on('delete', ({ signature, item }: Message) => {
        this.#users.delete(Number(item.id));
        socket.emit(eventOf('delete', signature), { success: true });
      });
    });
  }
}
