/** Laying writes on records: apart from the shapes, so that a page does not carry these. */
import type { Attributes } from './attributes.ts';

interface Laid {
  readonly method: 'create' | 'update' | 'patch' | 'delete';
  readonly set: Attributes;
  readonly unset: readonly string[];
}

/** `attrs` with the names in `set` set and those in `unset` gone; the arguments stay as they are. */
export function edited(attrs: Attributes, set: Attributes, unset: readonly string[]): Attributes {
  const next: Record<string, Attributes[string]> = { ...attrs, ...set };
  for (const name of unset) delete next[name];
  return next;
}

/** What a record looks like once a mutation is laid on it; null = there is none. */
export function laidOn(attrs: Attributes | null, { method, set, unset }: Laid): Attributes | null {
  if (method === 'delete') return null;
  if (method === 'create') return set;
  return edited(attrs ?? {}, set, unset);
}
