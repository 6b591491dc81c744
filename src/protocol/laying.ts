/** Laying writes on records: apart from the shapes, so that a page does not carry these. */
import type { Attributes } from './attributes.ts';

interface Laid {
  readonly method: 'create' | 'update' | 'patch' | 'delete';
  readonly set: Attributes;
  readonly unset: readonly string[];
  readonly base?: number | 'previous' | null | undefined;
}

/** Whether it says all of its record, so that it can be laid on nothing: a create, and an update by somebody who had seen none. */
export const isWhole = ({
  method,
  base,
}: {
  readonly method: Laid['method'];
  readonly base: unknown;
}): boolean => method === 'create' || (method === 'update' && base === null);

/** `attrs` with the names in `set` set and those in `unset` gone; the arguments stay as they are. */
export function edited(attrs: Attributes, set: Attributes, unset: readonly string[]): Attributes {
  const next: Record<string, Attributes[string]> = { ...attrs, ...set };
  for (const name of unset) delete next[name];
  return next;
}

/**
 * What a record looks like once a mutation is laid on it; null = there is none. What was made on a record makes none:
 * where that is gone, the server refuses it.
 */
export function laidOn(attrs: Attributes | null, { method, set, unset, base }: Laid): Attributes | null {
  if (method === 'delete' || (!attrs && base && method !== 'create')) return null;
  if (method === 'create') return set;
  return edited(attrs ?? {}, set, unset);
}

/** The names that it sets or takes away. */
export const touched = ({ set, unset }: Pick<Laid, 'set' | 'unset'>): string[] => [
  ...Object.keys(set),
  ...unset,
];

type Made = Laid & { readonly was: Attributes };

/** A delete takes away all that there was. */
const concerned = (made: Made): string[] =>
  made.method === 'delete' ? Object.keys(made.was) : touched(made);

/**
 * What was made on a write that was refused: that leaves the record as it found it, so its base and its old values are
 * the next one's. Without that the next would pass for a write on top of it, over what others had done.
 */
export function rebased<Next extends Made>(next: Next, refused: Made | undefined): Next {
  if (next.base !== 'previous' || typeof refused?.base !== 'number' || next.method === 'create') return next;
  const before = new Set(concerned(refused));
  const was: Record<string, Attributes[string]> = {};
  for (const name of concerned(next)) {
    const from = (before.has(name) ? refused : next).was;
    const value = from[name];
    if (value !== undefined && Object.hasOwn(from, name)) was[name] = value;
  }
  return { ...next, base: refused.base, was };
}
