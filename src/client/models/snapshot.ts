import { equalJson, type Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';

const FILE = /File|Blob/;

/** The value as JSON has it, cut off from the original; undefined where JSON has none. */
function frozen(value: unknown, strict: boolean): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (Number.isFinite(value)) return value as number;
  const text = JSON.stringify(value, (name, part) => {
    if (strict && FILE.test(Object.prototype.toString.call(part)))
      throw new TypeError(`Cannot save a file${name && ` (${name})`} by Medulla: upload it by ajax`);
    return part;
  });
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * What `source` looks like as JSON now, whatever happens to it afterwards. Attributes are mostly flat, so that a text
 * is made only of those that are objects. `strict`: throws where JSON would silently lose a file. `leftOut`: a name.
 */
export function snapshot(source: unknown, strict = false, leftOut?: string): Attributes {
  const copy: Record<string, Json> = {};
  for (const [name, value] of Object.entries(Object(source))) {
    const json = name === leftOut ? undefined : frozen(value, strict);
    if (json === undefined) continue;
    // A name like __proto__ becomes an attribute as any other here, and is refused by name later.
    if (name in copy) Object.defineProperty(copy, name, { value: json, enumerable: true });
    else copy[name] = json;
  }
  return copy;
}

/** The names whose values differ between two snapshots. */
export function differing(a: Attributes, b: Attributes): string[] {
  const names = Object.keys(a).filter((name) => !equalJson(a[name], b[name]));
  for (const name of Object.keys(b)) if (!(name in a)) names.push(name);
  return names;
}

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
