import type { Run } from './run.ts';

/** Whom is to be asked again about: one user, one topic, or all. */
export interface Recheck {
  readonly user?: string | undefined;
  readonly topic?: string | undefined;
}

/** The other nodes over the same store, as this one reaches them. Anything may be lost on the way, or come late. */
export interface Nodes {
  /** There can be none: nothing is said, and nothing is compared. */
  readonly isAlone: boolean;
  /** Tells all the others. */
  tell(runs: readonly Run[]): void;
  /** Hears what they tell, as it comes off the wire. Called once. */
  hear(fn: (message: unknown) => void): void;
  /** The same for what is to be asked again of who may be there; without it that is a matter of each node. */
  readonly rechecks?: {
    tell(message: Recheck): void;
    hear(fn: (message: unknown) => void): void;
  };
}
