import type { Json } from '../../../src/base/json.ts';
import type { Log } from '../../../src/base/log.ts';
import type { Connection } from '../../../src/hub/connection.ts';

export type ServerRecord = { readonly [name: string]: Json };

/** A call as the server got it. */
export interface Asked {
  readonly method: 'create' | 'read' | 'update' | 'patch' | 'delete';
  readonly topic: string;
  readonly id?: unknown;
  readonly attrs?: ServerRecord | undefined;
}

/** A small real server that speaks a dialect's wire, as the contract drives it. It gives its records their ids. */
export interface DialectServer {
  /** Everything that arrived, in order. */
  readonly asked: readonly Asked[];
  /** What it has, in the order in which it came. */
  records(topic: string): readonly ServerRecord[];
  /** Somebody else writes: the clients are told where this wire tells anything. */
  put(topic: string, record: ServerRecord): void;
  drop(topic: string, id: Json): void;
  /** The next write is carried out, and the connection breaks before its answer. */
  loseAnswer(): void;
  /** The next write is refused for good, with these words. */
  refuse(message: string): void;
  /** Nothing is to be had of it any more; what it has is kept. */
  stop(): Promise<void>;
  /** It is there again, at the same address. */
  start(): Promise<void>;
  /** How many sockets are open; null where there are none to be counted. */
  readonly sockets: number | null;
}

/** A dialect under the contract. */
export interface DialectUnderTest {
  readonly name: string;
  /** Starts an empty server. */
  serve(): Promise<DialectServer>;
  /** The hub's connection to it. */
  connection(server: DialectServer, log: Log): Connection;
  /** Whether this wire tells of changes by itself. */
  readonly tells: boolean;
  /** Whether it has patches of its own; else a patch goes as a whole update. */
  readonly patches: boolean;
  /** Whether a server that is asked a second time under the same key does nothing: then a lost answer doubles nothing. */
  readonly once: boolean;
}
