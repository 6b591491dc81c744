import type { Attributes } from '../../protocol/attributes.ts';
import { edited, touched } from '../../protocol/laying.ts';
import type { Decided } from '../../protocol/tab-down.ts';
import type { Decision } from '../../protocol/tab-up.ts';
import type { Hash, Model } from '../backbone.ts';
import type { Writes } from '../calls/writes.ts';
import { contested, untold } from './contested.ts';
import { applyTo } from './incoming.ts';
import { bodyOf, type Instance, instanceOf, jsonOf, tellState, withId } from './instances.ts';
import { differing, withNames } from './snapshot.ts';

/** What was changed here and, to something else, by others. Whole records as JSON, as the model's `parse` makes them, without the id. */
export interface Conflict<A extends object = Attributes> {
  /** What both had begun with. */
  readonly was: A;
  /** null = deleted. */
  readonly mine: A | null;
  /** null = deleted. */
  readonly theirs: A | null;
  /** The attributes in conflict. */
  readonly names: readonly (keyof A & string)[];
  /**
   * Saves mine, or these attributes over mine, in full knowledge of theirs; what was deleted there is created anew, what
   * was deleted here is destroyed, or kept with these attributes. Returns what `save` or `destroy` does.
   */
  resolve(attrs?: Partial<A> | null, options?: Hash): unknown;
  /** Takes theirs. */
  discard(): void;
}

export interface ConflictsParts {
  readonly post: (decision: Decision) => void;
  readonly following: {
    gone(model: Model): void;
    decided(decided: Decided): void;
  };
  readonly writes: Pick<Writes, 'isUnderway'>;
  readonly onConflict: (model: Model, conflict: Conflict) => void;
}

export type Conflicts = ReturnType<typeof createConflicts>;

/** Shows conflicts. Nothing of them is held but what the instances know. */
export function createConflicts(parts: ConflictsParts) {
  function of(model: Model): Conflict | null {
    const instance = instanceOf(model);
    if (!instance) return null;
    const { parsed, stage, refused } = instance;
    const theirs = stage === 'gone' ? null : parsed;
    const here = bodyOf(model, model.attributes);
    const sides = instance.was
      ? { was: instance.was, mine: here }
      : // What was written since says more of what is wanted.
        parts.writes.isUnderway(instance)
        ? undefined
        : sent(model, instance);
    if (!sides) return null;
    const { was, mine } = sides;
    const names = contested(was, mine, theirs);
    if (mine && theirs && !names.length) return null;
    return {
      ...sides,
      theirs,
      names,
      resolve(attrs, options) {
        if (!mine) return attrs ? model.save(attrs, options) : model.destroy(options);
        const more = Object.fromEntries(differing(mine, here).map((name) => [name, mine[name]]));
        return model.save({ ...more, ...attrs }, options);
      },
      discard() {
        const { seen } = instance;
        if (refused) {
          parts.following.decided(refused);
          parts.post({ type: 'decide', id: refused.mutation.id, decision: 'discard' });
        }
        if (!theirs) return parts.following.gone(model);
        const taken = mine ? names : [];
        instance.agreed = withNames(instance.agreed ?? {}, taken, jsonOf(model));
        instance.parsed = withNames(instance.parsed, taken, here);
        applyTo(model, instance, { attrs: seen ?? {} });
        tellState(model, instance);
      },
    };
  }

  return {
    of,
    /** Tells of those that have come up. */
    tell() {
      for (const model of untold) {
        untold.delete(model);
        const conflict = of(model);
        if (!conflict) continue;
        model.trigger('medulla:state', model, 'conflict');
        model.trigger('medulla:conflict', model, conflict);
        parts.onConflict(model, conflict);
      }
    },
  };
}

/** Mine is not in the model, where the write waited for its answer, or was another page's: it is what was refused. */
function sent(
  model: Model,
  { refused, seen, record, state }: Instance,
): Pick<Conflict, 'was' | 'mine'> | undefined {
  if (!seen || state !== 'rejected' || refused?.receipt.type !== 'conflict') return undefined;
  const { set, unset, was, method } = refused.mutation;
  const shaped = (attrs: Attributes) =>
    bodyOf(model, model.parse(withId(attrs, record, model.idAttribute), { remote: true }));
  if (method === 'delete') return { mine: null, was: shaped(was) };
  return {
    mine: shaped(edited(seen, set, unset)),
    was: shaped(withNames(seen, touched(refused.mutation), was)),
  };
}
