import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { edited, type Mutation } from '../../protocol/mutation.ts';

/**
 * One mutation that does what `a` and then `b`, of the same record, do; null where they are better sent apart. It has
 * the id, base and was of the first. What was said in different words goes apart.
 */
export function fold(a: Mutation, b: Mutation): Mutation | null {
  if (a.method === 'delete' || b.method === 'create' || !equalJson(a.options, b.options)) return null;
  const was = { ...untouched(b.was, a), ...a.was };
  if (b.method === 'delete') return { ...a, method: 'delete', set: {}, unset: [], was };
  const set = edited(a.set, b.set, b.unset);
  if (a.method === 'create') return { ...a, set };
  const unset = [...new Set([...a.unset, ...b.unset])].filter((name) => !Object.hasOwn(set, name));
  return { ...a, set, unset, was };
}

/** The old values of attributes that `first` did not touch. */
function untouched(was: Attributes, first: Mutation): Attributes {
  return Object.fromEntries(
    Object.entries(was).filter(([name]) => !Object.hasOwn(first.set, name) && !first.unset.includes(name)),
  );
}
