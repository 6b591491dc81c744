import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Model } from '../backbone.ts';
import { differing } from './snapshot.ts';

/** Models whose application is to hear of a conflict, once all that the hub has told is applied. */
export const untold = new Set<Model>();

/** What was changed here and there, and not to the same; all that one side changed where the other has nothing left. */
export const contested = (was: Attributes, mine: Attributes | null, theirs: Attributes | null): string[] =>
  differing(mine ?? theirs ?? {}, was).filter(
    (name) =>
      !mine || !theirs || !(equalJson(mine[name], theirs[name]) || equalJson(was[name], theirs[name])),
  );
