import type { Server } from 'node:http';
import type { Card, Touch } from '../../cards.ts';

/** A contestant's server, before it listens. */
export interface LoadServed {
  readonly http: Server;
  /** Where its clients go in, and as whom. */
  readonly space: string;
  readonly auth: unknown;
  /** Puts these records into a topic. */
  seed(topic: string, cards: readonly Card[]): Promise<void>;
  /** A change from elsewhere, told to whoever follows. */
  touch(topic: string, touch: Touch): Promise<void>;
  /** How many records a topic has. */
  records(topic: string): Promise<number>;
  /** How far a topic is. */
  head(topic: string): Promise<unknown>;
  close(): Promise<void>;
}

/** What a database takes if nobody asks it anything: rows of records, log and receipts, a transaction a batch. */
export interface BareServed {
  /** Milliseconds that the writes took. */
  write(first: number, writes: number, batch: number, topics: number): Promise<number>;
  close(): Promise<void>;
}
