import type { Server as HttpServer, IncomingMessage } from 'node:http';
import { type Namespace, Server, type Socket, type ServerOptions as SocketOptions } from 'socket.io';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { packLive } from '../../protocol/live.ts';
import type { Admission } from '../admission/admission.ts';
import { OneAtATime } from '../admission/one-at-a-time.ts';
import { Core } from '../core.ts';
import type { CoreOptions } from '../core-options.ts';
import { Readiness } from '../health/readiness.ts';
import { watchPolls } from '../limits/polls.ts';
import type { RateOptions } from '../limits/rates.ts';
import { ratesOf } from '../limits/rates-of.ts';
import { Readers } from '../limits/readers.ts';
import { Room } from '../limits/room.ts';
import { DEFAULT_LIMITS, type ServerLimits } from '../limits/server-limits.ts';
import { weigh } from '../limits/weigh.ts';
import { MedullaServer } from '../medulla-server.ts';
import { Prometheus } from '../metrics/prometheus.ts';
import { checkOptions } from '../options/check-options.ts';
import { checkTarget, serverRules } from '../options/server-rules.ts';
import { pooledRandom } from '../pooled-random.ts';
import { type Answerer, answerFirst, engineAnswers } from './answer-first.ts';
import { assetAnswers, packageAssets } from './assets.ts';
import { connectError } from './connect-error.ts';
import { consoleLog } from './console-log.ts';
import { hangUp } from './hang-up.ts';
import { healthAnswers } from './health-answers.ts';
import { httpTwin } from './http-twin.ts';
import { type MetricsFor, metricsAnswers } from './metrics-answers.ts';
import { nodeClock } from './node-clock.ts';
import { isSecure, type Origins, originProblem, withoutCookies } from './origins.ts';
import { type HandshakeMiddleware, prepare, renewed } from './prepare.ts';
import { socketNodes } from './socket-nodes.ts';
import { placeOf, SLOW, SocketPeer } from './socket-peer.ts';

type Wire = 'turn' | 'nodes' | 'broadcast' | 'announce';
type MadeHere = Wire | 'log' | 'meter' | 'clock' | 'random' | 'rates' | 'who';

export interface ServerOptions extends Omit<CoreOptions, MadeHere> {
  /** Its `now` must be milliseconds since 1970, as the store outlives the process. */
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** How much one user may do in some time. */
  readonly rates?: RateOptions | undefined;
  /** Where Socket.IO listens, if it is not given already running. */
  readonly path?: string;
  /**
   * How this node reaches the others over the same store, any adapter of Socket.IO's that can: Redis Streams, Postgres,
   * cluster. A Socket.IO server that is handed in has its own.
   */
  readonly adapter?: SocketOptions['adapter'];
  /**
   * The other origins whose pages may connect; the server's own always may. It holds for WebSockets too, which CORS
   * leaves alone. Without it pages of any origin may connect by WebSocket, but those of others without the cookies that the
   * browser has for this server: an `authenticate` that goes by cookies knows them not. Nor are cookies taken from whom only `*`
   * lets in. Over HTTP (`POST /medulla/push`) no other origin's pages may write unless they are named here.
   */
  readonly origin?: Origins;
  /**
   * Middleware as Express has it, a parser of cookies or express-session: it runs before `authenticate`, which finds what it
   * has put on the request in `raw`, as handlers do in `ctx.session.request.raw`.
   */
  readonly handshake?: readonly HandshakeMiddleware[];
  readonly log?: Log;
  /** Says everything on the console, not only what went wrong. */
  readonly debug?: boolean;
  /** The folder of the scripts that are served under `/medulla/`; the package's own by default, none with false. */
  readonly assets?: string | false;
  /**
   * Counts what is done, for Prometheus: `GET /medulla/metrics` answers everybody with true, or those for whom the
   * function says true. By default nothing is counted, and nobody is answered.
   */
  readonly metrics?: MetricsFor | false;
}

const NAMESPACE = '/medulla';
const NOTHING = Object.freeze({});

/**
 * Joins a server to Node's http server, or to a Socket.IO server that is there already; other requests and other
 * namespaces are left alone. The http server stays the caller's: to listen, and to close. Throws a MedullaError
 * 'bad-option' where an argument or an option is not what it may be.
 */
export function createServer(target: HttpServer | Server, options: ServerOptions): MedullaServer {
  checkTarget(target);
  checkOptions('createServer', options, serverRules);
  const log = options.log ?? consoleLog(options.debug ?? false);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const assets = options.assets ?? packageAssets();
  const io = isSocketServer(target) ? target : listen(target, limits, options);
  const http = isSocketServer(target)
    ? (target as unknown as { httpServer?: HttpServer }).httpServer
    : target;
  const bytes = Math.min(limits.bytes, io.engine?.opts?.maxHttpBufferSize ?? limits.bytes);
  const space = io.of(NAMESPACE);
  const clock = options.clock ?? nodeClock;
  const here = space.local.except(SLOW);
  const readers = new Readers(clock, limits.unread);
  const prometheus = options.metrics ? new Prometheus() : undefined;
  const core = new Core({
    ...options,
    clock,
    meter: prometheus,
    rates: ratesOf(options.rates, { clock, log }),
    who: options.rates?.who,
    random: options.random ?? pooledRandom,
    turn: setImmediate,
    log,
    limits: { ...limits, bytes },
    announce(note, topic) {
      void (topic ? space.to(placeOf(topic)) : space).except(SLOW).emit('message', note);
      readers.told(weigh(note.content));
    },
    nodes: socketNodes(space),
    renew: (request) => renewed(request, options.handshake),
    broadcast(run) {
      here.to(placeOf(run.topic)).emit(run.topic, ...packLive(run));
      readers.told(weigh(run.entries));
    },
  });
  const { ready, sessions } = core;
  const readiness = new Readiness({ store: options.store, clock, log, ready });
  prometheus?.watch({ sessions, store: options.store, deliveries: core.deliveries });
  const answers: Answerer[] = [
    healthAnswers(readiness),
    httpTwin({
      ...options,
      core,
      path: io.path(),
      origin: options.origin,
      body: { bytes, deadline: limits.deadline, room: new Room(limits.bodies), clock },
      log,
    }),
  ];
  if (prometheus && options.metrics)
    answers.push(metricsAnswers({ prometheus, readers: options.metrics, log }));
  if (assets !== false) answers.push(assetAnswers(assets));
  if (io !== target && http) answers.push(engineAnswers(http, pathOf(options)));
  const restore = http ? answerFirst(http, answers) : () => {};
  // Of a Socket.IO server that is the caller's, other namespaces go over the same connections.
  accept(space, { core, readers, log, end: (socket) => hangUp(socket, clock, io !== target) }, options);
  return new MedullaServer(core, async (how) => {
    readiness.close();
    await core.close(how);
    restore();
    if (io !== target) io.engine.close();
    // Not those of the other nodes.
    else space.local.disconnectSockets();
  });
}

const isSocketServer = (target: HttpServer | Server): target is Server => 'of' in target;

const pathOf = ({ path = '/socket.io' }: ServerOptions): string => path.replace(/\/$/, '');

function listen(http: HttpServer, { bytes, deadline }: ServerLimits, options: ServerOptions): Server {
  const { origin, adapter } = options;
  const io = new Server(http, {
    path: pathOf(options),
    serveClient: false,
    transports: ['websocket', 'polling'],
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: bytes,
    connectTimeout: deadline,
    ...(adapter && { adapter }),
    ...(origin
      ? { cors: { origin: origin as string | RegExp | (string | RegExp)[], credentials: true } }
      : {}),
  });
  // Everybody may join Socket.IO's first namespace, and would be a connection that nobody has let in.
  io.use((_socket, next) => next(new Error(`Only ${NAMESPACE} is here.`)));
  return io;
}

interface SocketParts {
  readonly core: Core;
  readonly readers: Readers;
  readonly log: Log;
  readonly end: (socket: Socket) => Promise<void>;
}

function accept(space: Namespace, parts: SocketParts, { origin, handshake }: ServerOptions): void {
  const admit = async ({ handshake: { headers, address, auth }, request: raw }: Socket) => {
    const request = withoutCookies({ headers, address, raw }, origin);
    if (request.headers !== headers) parts.log('info', 'cookies-not-taken', { origin: headers.origin });
    const problem =
      originProblem(headers, origin, isSecure(raw)) ??
      (await prepare(request.raw as IncomingMessage, handshake));
    return parts.core.admit(auth, request, problem);
  };
  const hellos = new OneAtATime();
  space.use((socket, next) => {
    hellos
      .run(socket.conn, () => admit(socket))
      .then(
        (admission) => {
          socket.data = admission;
          // A token goes to no other node with what is told of its connection there.
          socket.handshake.auth = NOTHING;
          next();
        },
        (error) => next(connectError(error)),
      );
  });
  space.on('connection', (socket) => {
    const peer = new SocketPeer(socket, parts.readers, parts.end);
    try {
      begin(socket, peer, parts);
    } catch (error) {
      peer.ended();
      if (!(error instanceof MedullaError)) throw error;
      // Of many who came at once, some are too many: they come again, and are told so.
      socket.disconnect(true);
    }
  });
}

function begin(socket: Socket, peer: SocketPeer<Socket>, { core, log }: SocketParts): void {
  const admission = socket.data as Admission;
  // Nobody else is told who this is, nor by what.
  socket.data = undefined;
  const session = core.begin(admission, peer);
  peer.session = session;
  watchPolls(socket.conn);
  socket.onAny(async (name: string, ...args: unknown[]) => {
    const acknowledge = args.at(-1);
    const answer = await session.handle(name, args[0]);
    if (typeof acknowledge === 'function') acknowledge(answer);
  });
  // Socket.IO ends a connection that says what is no packet, and tells its sockets why. A client may use the name too.
  socket.on('error', (error: unknown) => {
    if (error instanceof Error) log('warn', 'bad-packet', { problem: error.message, session: session.id });
  });
  socket.on('disconnect', () => void session.end());
}
