import type { Attributes } from '../../protocol/attributes.ts';
import { touched } from '../../protocol/laying.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Model } from '../backbone.ts';
import { instanceOf, isAbsent, jsonOf } from './instances.ts';
import { alike, withNames } from './snapshot.ts';

/**
 * What is still as it was refused is no unsaved edit any more, and follows the hub. Of a record that is not there, all
 * is unsaved.
 */
export function letGo(model: Model | undefined, refused: Mutation, edit: Attributes | undefined): void {
  const instance = model && instanceOf(model);
  if (!instance || (isAbsent(instance) && !edit && !instance.agreed)) return;
  // It goes again: who hears nothing of it then is to know that it is not there.
  if (edit) instance.stage = 'there';
  const names = alike(touched(refused), jsonOf(model), refused.set);
  for (const part of ['seen', 'agreed', 'parsed'] as const)
    instance[part] = withNames(instance[part] ?? {}, names, refused.set);
}
