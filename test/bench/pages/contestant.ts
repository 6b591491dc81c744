import type Backbone from 'backbone';
import type { Card } from '../cards.ts';

/** What is measured, as the page's driver sees it. */
export interface Contestant {
  /** The collection that shows the records; it is filled and kept up to date. */
  readonly cards: Backbone.Collection;
  /** Starts everything and fills the collection with what is there. */
  open(): Promise<void>;
  /** Gets these ready to be saved: with models, where it has them. Outside of what is timed. */
  prepare(cards: readonly Card[]): void;
  /** Saves the prepared card `i`, changed by `set`; resolves when the server has confirmed it. */
  save(i: number, set: Partial<Card>): Promise<void>;
  /** Saves the prepared card `i` without a server; resolves when it is kept (by the rival: in memory). */
  keep(i: number): Promise<void>;
  /** Resolves when the server has confirmed all that was kept. */
  drained(): Promise<void>;
  /** Resolves once it has noticed that the server has gone. */
  offline(): Promise<void>;
}
