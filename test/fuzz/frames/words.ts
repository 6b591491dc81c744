import type { Dice } from '../../support/dice.ts';

/** What frames are made of where the shape says no more than text, by the field's name: what is known leads deeper than noise. */
export type Words = Readonly<Record<string, readonly unknown[]>>;

const PROTOTYPES = ['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty', 'then'];

/** Names that mean something to an object, a database, a path or a text, and are said by nobody who means well. */
export const ODD_NAMES: readonly string[] = [
  ...PROTOTYPES,
  '',
  '.',
  '..',
  '~',
  '~00000000-0000-7000-8000-000000000000',
  '*',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff\ud800',
  '\ufffd',
  '\u202e',
  '/tasks/../secrets/alice',
  '/secrets%2falice',
  '/%',
  '/%00',
  '//',
  '-1',
  '1e3',
  '9007199254740993',
  "'; DROP TABLE records; --",
  '%s%n',
  'length',
  'x'.repeat(2_001),
];

const ODD_NUMBERS = [0, -0, -1, 0.5, 2 ** 31, 2 ** 53, 2 ** 64, -(2 ** 53), 1e308, 5e-324];

const ODD_LISTS: readonly unknown[] = [[], [[]], [null], [[], {}], Array(20).fill(0)];

const ODD_OBJECTS: readonly object[] = [
  {},
  { type: 'applied' },
  { toString: 1, valueOf: 1 },
  { toString: null, valueOf: null },
  { toString: 'x', valueOf: {} },
  { length: 5 },
  { toJSON: 1 },
];

/** What stands where something else was to be. */
export function oddValue(dice: Dice): unknown {
  switch (dice.int(0, 12)) {
    case 0:
      return null;
    case 1:
      return dice.pick([true, false]);
    case 2:
    case 3:
      return dice.pick(ODD_NUMBERS);
    case 4:
    case 5:
      return dice.pick(ODD_NAMES);
    case 6:
      return structuredClone(dice.pick(ODD_LISTS));
    case 7:
      return withOwn(dice.pick(PROTOTYPES), dice.pick([null, 1, 'x', { polluted: 1 }, []]));
    case 8:
      return nested(dice.pick([2, 63, 64, 65, 300]), dice.chance(0.5));
    case 9:
      return { _placeholder: true, num: dice.pick([0, 1, -1, 'x']) };
    case 10:
      return dice.pick(['x', 'long ']).repeat(dice.pick([1, 10, 10, 300, 300, 5_000]));
    default:
      return { ...dice.pick(ODD_OBJECTS) };
  }
}

/** As `JSON.parse` makes it of `{"__proto__": …}`: a property, and no prototype. */
export function withOwn(name: string, value: unknown, on: object = {}): object {
  return Object.defineProperty(on, name, { value, enumerable: true, configurable: true, writable: true });
}

function nested(depth: number, asLists: boolean): unknown {
  let value: unknown = asLists ? [] : {};
  for (let at = 1; at < depth; at++) value = asLists ? [value] : { a: value };
  return value;
}
