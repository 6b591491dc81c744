import type { Server } from 'socket.io';
import { SocketIoServer } from '../dialects/socket-io-server.ts';

type Run = (server: new () => Server) => void;

/** Code of the manual that makes a `new Server(port)`, as a server of a test's. */
export class ManualServer extends SocketIoServer {
  readonly #run: Run;

  constructor(code: string) {
    super();
    this.#run = new Function('Server', code) as Run;
  }

  protected override speak(io: Server): void {
    // What a constructor returns is what `new` gives.
    this.#run(
      class {
        constructor() {
          // biome-ignore lint/correctness/noConstructorReturn: the server is there already.
          return io;
        }
      } as unknown as new () => Server,
    );
  }
}
