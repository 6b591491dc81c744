import type Backbone from 'backbone';

/** As much of the Medulla as the board's views use. */
export interface Bridge {
  readonly status: Backbone.Model;
  readonly outbox: Backbone.Collection;
  stateOf(target: Backbone.Model): Standing;
}

/** `error`: why it was rejected; it has a `message`. */
export interface Standing {
  readonly state: string;
  readonly error?: unknown;
  readonly conflict?: Conflict | null;
}

/** What somebody else changed that was changed here too; null = deleted. */
export interface Conflict {
  readonly mine: object | null;
  readonly theirs: object | null;
  readonly names: readonly string[];
  resolve(): unknown;
  discard(): void;
}

/** A mutation of the outbox: `topic record method set was state attempts receipt`, and what may be decided about it. */
export interface Decidable extends Backbone.Model {
  /** Tries it once more, with an edit if there is one. */
  retry(edit?: Record<string, unknown>): unknown;
  /** Gives it up. */
  discard(): unknown;
}

/** The person at this browser. */
export interface Me {
  readonly id: string;
  readonly name: string;
}
