import type { PromiseName } from '../checks/ledger.ts';
import type { WorldOptions } from '../world/world.ts';

/** A part that is broken on purpose, and the promises of which at least one must be found broken by it. */
export interface Mutant {
  readonly name: string;
  readonly breaks: readonly PromiseName[];
  /** It shows only where there are shares. */
  readonly shares?: true;
  readonly options: () => WorldOptions;
}
