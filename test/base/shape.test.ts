import { describe, expect, it } from 'vitest';
import {
  either,
  fits,
  flag,
  list,
  literal,
  Mismatch,
  messages,
  number,
  object,
  oneOf,
  optional,
  parse,
  type Shape,
  text,
} from '../../src/base/shape.ts';

const point = object({ x: number, y: number, name: optional(text()) });

describe('shapes', () => {
  it('[PR1] hands back the very value that fits', () => {
    const value = { x: 1, y: 2 };
    expect(parse(point, value)).toBe(value);
  });

  it.each([
    [point, { x: 1 }, 'y is not number: current value is undefined'],
    [point, null, 'message is not an object: current value is null'],
    [point, [], 'message is not an object: current value is an array'],
    [
      list(point),
      [
        { x: 1, y: 2 },
        { x: 1, y: Number.NaN },
      ],
      '[1].y is not number: current value is NaN',
    ],
    [object({ deep: object({ on: flag }) }), { deep: { on: 1 } }, 'deep.on is not flag: current value is 1'],
    [oneOf('a', 'b'), 'c', 'message is not a|b: current value is c'],
    [literal(7), 8, 'message is not 7: current value is 8'],
    [list(text()), 'no', 'message is not a list: current value is no'],
    [either(text(), number), {}, 'message is not text or number: current value is an object'],
  ])('[PR1] names the place and what was found there (%#)', (shape, value, message) => {
    expect(() => parse<unknown>(shape as Shape<unknown>, value)).toThrow(new Mismatch(message));
  });

  it('[PR1] cuts what it found short, so that a log line stays one', () => {
    expect(() => parse(number, 'x'.repeat(1000))).toThrow(
      new Mismatch(`message is not number: current value is ${'x'.repeat(40)}`),
    );
  });

  it('[PR1] looks at what does not fit once, however deep it is', () => {
    let looks = 0;
    const leaf: Shape<never> = { text: 'leaf', problem: (_value, path) => `${path} is not leaf ${++looks}` };
    const deep = object({ a: list(list(object({ b: object({ c: leaf }) }))) });
    expect(() => parse(deep, { a: [[], [{ b: { c: 1 } }]] })).toThrow('a[1][0].b.c is not leaf 1');
  });

  it('[PR2] lets unknown fields through and takes a missing optional one', () => {
    expect(fits(point, { x: 1, y: 2, colour: 'red' })).toBe(true);
    expect(fits(point, { x: 1, y: 2, name: undefined })).toBe(true);
    expect(fits(point, { x: 1, y: 2, name: 3 })).toBe(false);
  });

  it('[PR1] tells messages apart by their type, own names only', () => {
    const shape = messages({ hello: { n: number }, bye: {} });
    expect(fits(shape, { type: 'hello', n: 1 })).toBe(true);
    expect(fits(shape, { type: 'hello' })).toBe(false);
    for (const type of ['toString', '__proto__', undefined, 4, null]) {
      expect(() => parse(shape, { type })).toThrow(Mismatch);
    }
    for (const value of [null, undefined, 'hello', 7, []])
      expect(() => parse(shape, value)).toThrow(Mismatch);
  });
});
