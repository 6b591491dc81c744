import type { Server } from 'node:http';
import type { Card, Touch } from '../cards.ts';

/** A contestant's server, before it listens. */
export interface Served {
  readonly http: Server;
  /** Puts these records there before anybody comes. */
  seed(cards: readonly Card[]): Promise<void>;
  /** Changes from elsewhere, told to whoever listens. */
  touch(touches: readonly Touch[]): Promise<void>;
  /** How many records there are. */
  records(): Promise<number>;
  /** How many writes were carried out since the seed. */
  writes(): Promise<number>;
}
