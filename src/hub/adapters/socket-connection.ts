import { Manager, type Socket } from 'socket.io-client';
import type { Log } from '../../base/log.ts';
import { Mismatch, parse } from '../../base/shape.ts';
import type { MedullaError } from '../../protocol/errors.ts';
import { isLive, unpackLive } from '../../protocol/live.ts';
import { type Answers, events, type ServerEvents } from '../../protocol/server-down.ts';
import type { Handshake, RequestName, Requests } from '../../protocol/server-up.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { Connection, Link, LinkEnd, LinkListener } from '../connection.ts';
import { badWelcome, lost, readAnswer, refusalIn, unreachable } from './read-answer.ts';

export interface SocketConnectionOptions {
  /** The Socket.IO server's origin. */
  readonly server: string;
  readonly path: string;
  readonly namespace?: string;
  readonly log: Log;
}

/** What a socket is for. `givenUp`: the last attempt got no answer at all; a proxy may swallow what WebSockets say. */
export interface SocketWanted {
  readonly server: string;
  readonly path: string;
  readonly namespace: string;
  readonly auth: object;
  readonly givenUp?: boolean;
}

export type { Socket } from 'socket.io-client';
export type OpenSocket = (wanted: SocketWanted) => Socket;

/** A socket for one attempt, which is not made yet. */
export function openSocket({ server, path, namespace, auth, givenUp }: SocketWanted): Socket {
  const manager = new Manager(server, {
    path,
    autoConnect: false,
    reconnection: false,
    transports: givenUp ? ['polling', 'websocket'] : ['websocket', 'polling'],
    tryAllTransports: true,
  });
  return manager.socket(namespace, { auth });
}

/**
 * The hub's connection over Socket.IO. Its buffering, retrying, reconnecting and recovering are kept out of the way:
 * each attempt has a manager and a socket of its own, and nothing is emitted but over an open link.
 */
export function socketConnection({ server, path, namespace, log }: SocketConnectionOptions): Connection {
  // A proxy may swallow WebSockets without a word: after an attempt that was given up the next begins with polling.
  let givenUp = false;
  return {
    connect(hello, listener) {
      const { user, token, device } = hello;
      const auth: Handshake = { protocol: PROTOCOL, user, token, device };
      const socket = openSocket({ server, path, namespace: namespace ?? '/medulla', auth, givenUp });
      givenUp = false;
      return new SocketLink(socket, listener, log, () => {
        givenUp = true;
      });
    },
  };
}

class SocketLink implements Link {
  readonly #socket: Socket;
  readonly #listener: LinkListener;
  readonly #givenUp: () => void;
  /** How to reject each request that is not answered yet. */
  readonly #unanswered = new Set<(error: MedullaError) => void>();
  #state: 'opening' | 'open' | 'ended' = 'opening';

  /** `givenUp` is called where the link is closed before it was open. */
  constructor(socket: Socket, listener: LinkListener, log: Log, givenUp: () => void) {
    this.#socket = socket;
    this.#listener = listener;
    this.#givenUp = givenUp;
    socket.onAny((name: string, ...args: unknown[]) => {
      try {
        this.#receive(name, args);
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
        log('warn', 'event-dropped', { name, problem: error.message });
      }
    });
    socket.on('connect_error', (error) =>
      this.#end(refusalIn((error as { data?: unknown }).data) ?? lost(error.message)),
    );
    socket.on('disconnect', (reason) => this.#end(lost(reason)));
    socket.connect();
  }

  request<K extends RequestName>(name: K, request: Requests[K]): Promise<Answers[K]> {
    return new Promise((resolve, reject) => {
      if (this.#state !== 'open') throw unreachable();
      this.#unanswered.add(reject);
      this.#socket.emit(name, request, (answer: unknown) => {
        this.#unanswered.delete(reject);
        try {
          resolve(readAnswer(name, answer));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  close(): void {
    if (this.#state === 'opening') this.#givenUp();
    this.#end(lost('closed by the hub'));
  }

  /** Throws where there is something wrong with it. */
  #receive(name: string, args: readonly unknown[]): void {
    if (name === 'welcome' && this.#state === 'opening') this.#welcome(args[0]);
    else if (this.#state !== 'open' || name === 'welcome')
      throw new Mismatch(`it is out of turn: the link is ${this.#state}`);
    else if (isLive(name)) this.#listener.event('changes', unpackLive(name, args));
    else if (isUnasked(name))
      this.#listener.event(name, parse<ServerEvents[typeof name]>(events[name], args[0]));
    else throw new Mismatch('it is not known');
  }

  #welcome(event: unknown): void {
    const problem = events.welcome.problem(event, '');
    if (problem) this.#end(badWelcome(problem));
    else {
      this.#state = 'open';
      this.#listener.opened(event as ServerEvents['welcome']);
    }
  }

  #end(end: LinkEnd): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#socket.disconnect();
    for (const reject of this.#unanswered) reject(unreachable());
    this.#unanswered.clear();
    // Never during connect() or close(): who called them is not done yet.
    queueMicrotask(() => this.#listener.closed(end));
  }
}

/** Anything but `welcome`, which has its own turn. */
const isUnasked = (name: string): name is 'denied' | 'message' | 'leaving' => Object.hasOwn(events, name);
