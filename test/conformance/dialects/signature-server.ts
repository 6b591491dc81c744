import type { Server, Socket } from 'socket.io';
import type { Json } from '../../../src/base/json.ts';
import type { Asked, ServerRecord } from './dialect-server.ts';
import { SocketIoServer, tried } from './socket-io-server.ts';

interface Message {
  readonly signature: { readonly endPoint: string; readonly ctx?: string };
  readonly item?: ServerRecord;
}

/**
 * Signatures: four events, each answered by `operation:endPoint[:ctx]`: a create and a read with what there is, an update and
 * a delete with `success` beside that. It tells nobody of anything.
 */
export class SignatureServer extends SocketIoServer {
  protected override speak(io: Server): void {
    io.on('connection', (socket) => {
      for (const operation of ['create', 'read', 'update', 'delete'] as const)
        socket.on(operation, (message: Message) => this.#hear(socket, operation, message));
    });
  }

  #hear(socket: Socket, method: Asked['method'], { signature: { endPoint, ctx }, item }: Message): void {
    const [, topic = '', record] = /^(.*?)(?:\/(\d+))?$/.exec(endPoint) ?? [];
    const call = { method, topic, record: record === undefined ? null : Number(record) };
    const answer = tried<Json>(
      () => {
        const made = this.act({ ...call, attrs: method === 'delete' ? null : (item ?? null) }, socket);
        return method === 'update' || method === 'delete' ? { ...Object(made), success: true } : made;
      },
      (error) => ({ error }),
    );
    this.answered(socket, method, () => socket.emit(`${method}:${endPoint}${ctx ? `:${ctx}` : ''}`, answer));
  }
}
