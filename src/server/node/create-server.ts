import type { Server as HttpServer, IncomingMessage, RequestListener } from 'node:http';
import { type Namespace, Server, type Socket } from 'socket.io';
import type { Log } from '../../base/log.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Topic } from '../../protocol/ids.ts';
import { packLive } from '../../protocol/live.ts';
import { Core } from '../core.ts';
import { type CoreOptions, DEFAULT_LIMITS } from '../core-options.ts';
import { MedullaServer } from '../medulla-server.ts';
import type { RequestInfo } from '../resource/session-info.ts';
import type { Admission } from '../session/session.ts';
import { answerAsset, isAssetRequest, packageAssets } from './assets.ts';
import { consoleLog } from './console-log.ts';

export interface ServerOptions extends Omit<CoreOptions, 'turn' | 'broadcast' | 'log'> {
  /** Where Socket.IO listens, if it is not given already running. */
  readonly path?: string;
  /** Whose pages may connect from other origins: Socket.IO's `cors.origin`. */
  readonly origin?: string | RegExp | readonly (string | RegExp)[];
  readonly log?: Log;
  /** Says everything on the console, not only what went wrong. */
  readonly debug?: boolean;
  /** The folder of the scripts that are served under `/medulla/`; the package's own by default, none with false. */
  readonly assets?: string | false;
}

const NAMESPACE = '/medulla';

/**
 * Joins a server to Node's http server, or to a Socket.IO server that is there already; other requests and other
 * namespaces are left alone. The http server stays the caller's: to listen, and to close.
 */
export function createServer(target: HttpServer | Server, options: ServerOptions): MedullaServer {
  const log = options.log ?? consoleLog(options.debug ?? false);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const io = isSocketServer(target) ? target : listen(target, limits.bytes, options);
  const http = isSocketServer(target)
    ? (target as unknown as { httpServer?: HttpServer }).httpServer
    : target;
  const bytes = Math.min(limits.bytes, io.engine?.opts?.maxHttpBufferSize ?? limits.bytes);
  const space = io.of(NAMESPACE);
  const core = new Core({
    ...options,
    log,
    limits: { ...limits, bytes },
    broadcast: (changes) => space.to(placeOf(changes.topic)).emit(changes.topic, ...packLive(changes)),
  });
  const restore =
    http && options.assets !== false ? serveAssets(http, options.assets ?? packageAssets()) : () => {};
  accept(space, core);
  return new MedullaServer(core, async () => {
    // Of a Socket.IO server that is the caller's, other namespaces go over the same connections.
    space.disconnectSockets(io !== target);
    restore();
    await core.close();
    if (io !== target) io.engine.close();
  });
}

const isSocketServer = (target: HttpServer | Server): target is Server => 'of' in target;

function listen(http: HttpServer, maxHttpBufferSize: number, { path, origin }: ServerOptions): Server {
  return new Server(http, {
    path: path ?? '/socket.io',
    serveClient: false,
    transports: ['websocket', 'polling'],
    perMessageDeflate: false,
    maxHttpBufferSize,
    ...(origin
      ? { cors: { origin: origin as string | RegExp | (string | RegExp)[], credentials: true } }
      : {}),
  });
}

/** The name of Socket.IO's room of those who follow a topic. */
const placeOf = (topic: Topic) => `topic:${topic}`;

function accept(space: Namespace, core: Core): void {
  space.use((socket, next) => {
    const { headers, address, auth } = socket.handshake;
    const request: RequestInfo = { headers, address };
    core.admit(auth, request).then(
      (admission) => {
        socket.data = admission;
        next();
      },
      (error) => next(refusal(error)),
    );
  });
  space.on('connection', (socket) => begin(socket, core));
}

/** What the client gets as its `connect_error`. */
function refusal(error: unknown): Error {
  const { code, message } = error instanceof MedullaError ? error : new MedullaError('retry', String(error));
  return Object.assign(new Error(message), { data: { code, message } });
}

function begin(socket: Socket, core: Core): void {
  const session = core.begin(socket.data as Admission, {
    send: (name, event) => void socket.emit(name, event),
    join: (topic) => socket.join(placeOf(topic)),
    leave: (topic) => socket.leave(placeOf(topic)),
  });
  socket.onAny(async (name: string, ...args: unknown[]) => {
    const acknowledge = args.at(-1);
    const answer = await session.handle(name, args[0]);
    if (typeof acknowledge === 'function') acknowledge(answer);
  });
  socket.on('disconnect', () => void session.end());
}

/** Stands before the listeners that are there, as Engine.IO does. The returned function takes it away again. */
function serveAssets(http: HttpServer, folder: string): () => void {
  const others = http.listeners('request') as RequestListener[];
  const listener: RequestListener = (request, response) => {
    if (isAssetRequest(request as IncomingMessage)) void answerAsset(folder, request, response);
    else for (const other of others) other.call(http, request, response);
  };
  http.removeAllListeners('request');
  http.on('request', listener);
  return () => {
    http.off('request', listener);
    for (const other of others) http.on('request', other);
  };
}
