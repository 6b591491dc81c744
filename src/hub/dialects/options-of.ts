import type { Shape } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Dialect } from '../../protocol/hub-configuration.ts';

/** What the application said of its dialect; throws where something of it is not what it should be. */
export function optionsOf<T>(shape: Shape<T>, dialect: Dialect): T {
  const problem = shape.problem(dialect, 'dialect');
  if (problem) throw new MedullaError('bad-option', problem);
  return dialect as unknown as T;
}
