import type { Rule } from './check-options.ts';

/** What options of several places may be. */

export const isFunction = (value: unknown): value is (...args: never) => unknown =>
  typeof value === 'function';

export const aFunction: Rule = { words: 'a function', fits: isFunction };
export const aFlag: Rule = { words: 'true or false', fits: (value) => typeof value === 'boolean' };
export const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;
export const aCount: Rule = { words: 'a whole number above 0', fits: isCount };
/** 0 = none; Infinity = all. */
export const anAmount = {
  words: 'a number that is not below 0',
  fits: (value: unknown) => typeof value === 'number' && value >= 0,
};
export const days = anAmount;
export const history: Rule = { parts: { changes: anAmount, days: anAmount } };

/** Something with these methods. */
export const having = (words: string, ...methods: readonly string[]) => ({
  words,
  fits: (value: unknown): boolean =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => isFunction((value as Readonly<Record<string, unknown>>)[name])),
});
