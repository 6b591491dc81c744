import { isObject } from '../../base/json.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { nearest } from './nearest.ts';

/** What an option may be: a test and the words for it, or the options that it consists of. */
export type Rule =
  | { readonly words: string; readonly required?: true; readonly fits: (value: unknown) => boolean }
  | { readonly parts: Rules };
export type Rules = Readonly<Record<string, Rule>>;

/**
 * Throws a MedullaError 'bad-option' that names the first option that is wrong and what was found there. `whose`
 * begins the sentence. What is undefined counts as missing.
 */
export function checkOptions(whose: string, options: unknown, rules: Rules, path = ''): void {
  if (!isObject(options))
    throw badOption(
      `${whose} takes ${path.slice(0, -1) || 'options'} as an object: found ${found(options)}.`,
    );
  const names = Object.keys(rules);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw badOption(`${whose} has no option ${path}${unknown}: ${advice(unknown, names)}`);
  for (const [name, rule] of Object.entries(rules)) {
    const value = options[name];
    if (value === undefined && !('required' in rule)) continue;
    if ('parts' in rule) checkOptions(whose, value, rule.parts, `${path}${name}.`);
    else if (!rule.fits(value))
      throw badOption(`${whose} takes as ${path}${name} ${rule.words}: found ${found(value)}.`);
  }
}

export const badOption = (message: string): MedullaError => new MedullaError('bad-option', message);

function advice(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return meant ? `did you mean ${meant}?` : `there is ${names.join(', ')}.`;
}

/** A value in a few words, for a sentence about it. */
export function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60));
  if (typeof value === 'function') return `a function${value.name && ` ${value.name}`}`;
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return String(value);
  const names = Object.keys(value).slice(0, 3);
  return names.length ? `an object with ${names.join(', ')}` : 'an object with nothing in it';
}
