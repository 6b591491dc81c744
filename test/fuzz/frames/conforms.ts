import type { Field, ShapeTree } from './shape-tree.ts';

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
const DEEPEST = 64;

/**
 * Whether a value is of a shape, told a second time by other means, from what the shape says of itself alone: a parser
 * that lets something through that its own words do not allow is found by the difference.
 */
export function conforms(tree: ShapeTree, value: unknown): boolean {
  switch (tree.type) {
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' && value - value === 0;
    case 'flag':
      return value === true || value === false;
    case 'anything':
      return true;
    case 'null':
      return value === null;
    case 'attributes':
      return isPlain(value) && isSafe(value, 0);
    case 'dialect':
      return isPlain(value) && isSafe(value, 0) && typeof value.name === 'string';
    case 'literal':
      return value === tree.value;
    case 'names':
      return tree.names.some((name) => name === value);
    case 'either':
      return tree.parts.some((part) => conforms(part, value));
    case 'list':
      return Array.isArray(value) && value.every((item) => conforms(tree.item, item));
    case 'tuple':
      return (
        Array.isArray(value) &&
        value.length >= tree.least &&
        value.length <= tree.items.length &&
        value.every((item, at) => conforms(tree.items[at] ?? { type: 'null' }, item))
      );
    case 'object':
      return hasFields(tree.fields, value);
    case 'messages': {
      const kind = isPlain(value)
        ? tree.kinds.get(String(JSON.stringify(value.type)).slice(1, -1))
        : undefined;
      return kind !== undefined && hasFields(kind, value);
    }
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const hasFields = (fields: readonly Field[], value: unknown): boolean =>
  isPlain(value) &&
  fields.every(({ name, tree, optional }) =>
    value[name] === undefined && optional ? true : conforms(tree, value[name]),
  );

/** JSON whose keys name nothing of an object's own, and that ends. */
function isSafe(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return value === null || /^(str|bool)/.test(typeof value);
  if (depth >= DEEPEST) return false;
  const keys = Reflect.ownKeys(value).filter((key) => key !== 'length' || !Array.isArray(value));
  return keys.every(
    (key) =>
      typeof key === 'string' &&
      !FORBIDDEN.includes(key) &&
      isSafe((value as Record<string, unknown>)[key], depth + 1),
  );
}
