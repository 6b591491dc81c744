import { equalJson, type Json } from '../base/json.ts';
import type { Shape } from '../base/shape.ts';
import type { RecordId } from './ids.ts';

/** What a record holds, in the shape that goes over the wire. The id is not in it: it travels beside it. */
export type Attributes = { readonly [name: string]: Json };

/** Whether they are equal in each attribute that the query names. A query out of a url knows only text: `done=true` finds true. */
export function matches(attrs: Attributes, query: Attributes): boolean {
  return Object.entries(query).every(([name, wanted]) => {
    const value = Object.hasOwn(attrs, name) ? attrs[name] : undefined;
    if (equalJson(value, wanted)) return true;
    return (
      typeof wanted === 'string' && ['number', 'boolean'].includes(typeof value) && String(value) === wanted
    );
  });
}

/** A record as somebody has it: its version is the offset of its last change. */
export interface Image {
  readonly record: RecordId;
  readonly version: number;
  readonly attrs: Attributes;
}

const MAX_DEPTH = 64;

/** What keeps `value` from being JSON that is safe to set on an object, or undefined. */
export function badJson(value: unknown, depth = 0): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : 'a number that JSON does not know';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (depth === MAX_DEPTH) return `nested deeper than ${MAX_DEPTH}`;
  if (Array.isArray(value)) {
    for (const item of value) {
      const bad = badJson(item, depth + 1);
      if (bad) return bad;
    }
    return undefined;
  }
  // Dates, Maps and binary parts, which some wires carry beside JSON, have a tag of their own.
  if (Object.prototype.toString.call(value) !== '[object Object]') return 'an object that is not plain';
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return `a key named ${key}`;
    const bad = badJson((value as Record<string, unknown>)[key], depth + 1);
    if (bad) return bad;
  }
  return undefined;
}

export const attributes: Shape<Attributes> = {
  text: 'attributes',
  problem(value, path) {
    const bad =
      typeof value !== 'object' || value === null || Array.isArray(value) ? 'not an object' : badJson(value);
    return bad && `${path || 'message'} is not attributes: it has ${bad}`;
  },
};
