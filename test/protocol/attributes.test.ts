import { describe, expect, it } from 'vitest';
import { fits, parse } from '../../src/base/shape.ts';
import { attributes } from '../../src/protocol/attributes.ts';

const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });

describe('attributes', () => {
  it.each([
    [{}],
    [{ title: 'x', done: false, n: 1.5, tags: ['a', null], deep: { er: {} } }],
    [{ toString: 'a name like any other', hasOwnProperty: 1 }],
  ])('[PR3] are plain JSON (%#)', (value) => {
    expect(fits(attributes, value)).toBe(true);
  });

  it.each([
    ['{"__proto__": {"admin": true}}'],
    ['{"constructor": 1}'],
    ['{"prototype": 1}'],
    ['{"a": [{"b": {"__proto__": null}}]}'],
  ])('[PR3] never hold a key that reaches an object from %s', (text) => {
    expect(fits(attributes, JSON.parse(text))).toBe(false);
  });

  it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [undefined], [10n], [() => 1], [Symbol('s')]])(
    '[PR3] hold nothing that JSON does not know (%#)',
    (value) => {
      expect(fits(attributes, { a: value })).toBe(false);
      expect(fits(attributes, { a: [value] })).toBe(false);
    },
  );

  it.each([[null], [undefined], ['text'], [7], [[]]])('[PR3] are an object (%#)', (value) => {
    expect(fits(attributes, value)).toBe(false);
  });

  it('[PR3] are nested at most 64 deep', () => {
    expect(fits(attributes, nested(64))).toBe(true);
    expect(fits(attributes, nested(65))).toBe(false);
  });

  it('[PR3] say what is wrong with them', () => {
    expect(() => parse(attributes, JSON.parse('{"__proto__": 1}'))).toThrow(
      'message is not attributes: it has a key named __proto__',
    );
  });
});
