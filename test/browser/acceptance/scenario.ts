import type { EngineWorld, WorldOptions } from '../../support/browser/engine-world.ts';
import type { Need } from './lacks.ts';

export interface Scenario {
  /** Cites its rules, as a test's title does. */
  readonly title: string;
  /** What the engine and the host have to have for it. */
  readonly needs: readonly Need[];
  readonly world: Omit<WorldOptions, 'host'>;
  run(world: EngineWorld): Promise<void>;
}

export interface ScenarioOptions {
  readonly needs?: readonly Need[];
  readonly world?: Omit<WorldOptions, 'host'>;
}

/** One function for every engine and every host. */
export const scenario = (
  title: string,
  run: Scenario['run'],
  { needs = [], world = {} }: ScenarioOptions = {},
): Scenario => ({ title, run, needs, world });
