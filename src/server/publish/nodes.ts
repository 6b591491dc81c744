import type { Run } from './run.ts';

/** The other nodes over the same store, as this one reaches them. Anything may be lost on the way, or come late. */
export interface Nodes {
  /** There can be none: nothing is said, and nothing is compared. */
  readonly isAlone: boolean;
  /** Tells all the others. */
  tell(runs: readonly Run[]): void;
  /** Hears what they tell, as it comes off the wire. Called once. */
  hear(fn: (message: unknown) => void): void;
}
