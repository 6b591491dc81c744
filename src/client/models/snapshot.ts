import { equalJson, type Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';

/** Throws where JSON would silently lose a file, and on names that no server may take. */
function refuse(name: string, part: unknown): unknown {
  if (/File|Blob/.test(Object.prototype.toString.call(part)))
    throw new TypeError(`Cannot send the file ${name}: upload it by ajax`);
  if (/^(__proto__|constructor|prototype)$/.test(name))
    throw new TypeError(`Cannot send an attribute named ${name}`);
  return part;
}

/** The value as JSON has it, cut off from the original; undefined where JSON has none. */
function frozen(name: string, value: unknown, strict: boolean): Json | undefined {
  try {
    if (strict) refuse(name, value);
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (Number.isFinite(value)) return value as number;
    const text = JSON.stringify(value, strict ? refuse : undefined);
    return text && JSON.parse(text);
  } catch (error) {
    if (strict) throw Object.assign(error as Error, { code: 'bad-attribute' });
    return String(value);
  }
}

/**
 * What `source` looks like as JSON now, whatever happens to it afterwards. Attributes are mostly flat, so that a text
 * is made only of those that are objects. `strict`: it is to be sent; throws, with a code, where it is not fit for that.
 * `leftOut`: a name.
 */
export function snapshot(source: unknown, strict = false, leftOut?: string): Attributes {
  const copy: Record<string, Json> = {};
  for (const [name, value] of Object.entries(Object(source))) {
    const json = name === leftOut ? undefined : frozen(name, value, strict);
    if (json !== undefined) copy[name] = json;
  }
  return copy;
}

/** The names whose values differ between two snapshots. */
export const differing = (a: Attributes, b: Attributes): string[] =>
  Object.keys({ ...a, ...b }).filter((name) => !equalJson(a[name], b[name]));

/** Those of the names that are equal in both snapshots. */
export const alike = (names: readonly string[], a: Attributes, b: Attributes): string[] =>
  names.filter((name) => equalJson(a[name], b[name]));

/** `target` with the names set to what they are in `source`, or gone where they are not in it. */
export function withNames(target: Attributes, names: Iterable<string>, source: Attributes): Attributes {
  const next: Record<string, Json> = { ...target };
  for (const name of names) {
    const value = source[name];
    if (value === undefined) delete next[name];
    else next[name] = value;
  }
  return next;
}
