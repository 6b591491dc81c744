import { equalJson } from '../../../src/base/json.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';

/**
 * What a server of this application has to make of a write, said once more in as few words as possible. It shares no
 * line with the product: where the two disagree, one of them is wrong.
 */

export interface ModelRecord {
  readonly version: number;
  readonly attrs: Attributes;
}

/** What a write says. */
export interface Body {
  readonly method: 'create' | 'update' | 'patch' | 'delete';
  readonly set: Attributes;
  readonly unset: readonly string[];
  /** It says all of its record. */
  readonly whole?: true;
}

/** What its author had seen. */
export interface Basis {
  readonly base: number | 'previous' | null;
  readonly was: Attributes;
  /** What it calls the record. */
  readonly record?: string | number;
}

/** The record afterwards, null = there is none; or why it is refused. */
export type Prediction = { readonly attrs: Attributes | null } | { readonly refused: 'conflict' | 'gone' };

const policyOf = (topic: string): 'merge' | 'reject' | 'sum' => {
  if (topic.endsWith('/notes')) return 'reject';
  return topic === '/sums' ? 'sum' : 'merge';
};

/** All but the lists have a number. */
const complete = (topic: string, attrs: Attributes): Attributes =>
  topic === '/lists' || 'n' in attrs ? attrs : { ...attrs, n: 0 };

export function laid(attrs: Attributes, set: Attributes, unset: readonly string[]): Attributes {
  const entries = Object.entries({ ...attrs, ...set }).filter(([name]) => !unset.includes(name));
  return Object.fromEntries(entries);
}

/** Several writes of one record, one after the other, as one. */
export const folded = (bodies: readonly Body[]): Body => bodies.reduce(together);

function together({ method, ...first }: Body, next: Body): Body {
  if (next.method === 'delete') return next;
  const set = laid(first.set, next.set, next.unset);
  if (method === 'create') return { method, set, unset: [] };
  const unset = [...first.unset.filter((name) => !(name in next.set)), ...next.unset];
  return { method, set, unset: [...new Set(unset)] };
}

export function predicted(
  topic: string,
  record: ModelRecord | null,
  { method, set, unset }: Body,
  { base, was, record: id }: Basis,
): Prediction {
  const names = [...Object.keys(set), ...unset];
  const policy = policyOf(topic);
  if (method === 'create') return record ? { refused: 'conflict' } : { attrs: complete(topic, set) };
  if (!record) {
    if (method === 'delete') return { attrs: null };
    // Under a temporary id nothing is kept: its create went with its deletion, and gave it no other.
    const isUnmade = String(id).startsWith('~');
    return base === null && !isUnmade
      ? { attrs: complete(topic, laid({}, set, unset)) }
      : { refused: 'gone' };
  }
  const isBehind = base !== 'previous' && base !== record.version;
  const theirs = record.attrs;
  if (method === 'delete') return isBehind && policy === 'reject' ? { refused: 'conflict' } : { attrs: null };
  const mine = laid(theirs, set, unset);
  const foreign = names.filter((name) => !equalJson(theirs[name], was[name]));
  if (policy === 'reject' && isBehind && foreign.some((name) => !equalJson(theirs[name], mine[name])))
    return { refused: 'conflict' };
  if (policy === 'sum' && base !== record.version && foreign.length > 0 && names.includes('n')) {
    const n = Number(theirs.n ?? 0) + Number(mine.n ?? 0) - Number(was.n ?? 0);
    return { attrs: { ...mine, n } };
  }
  return { attrs: complete(topic, mine) };
}
