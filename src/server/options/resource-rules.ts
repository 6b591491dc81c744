import { badOption, checkOptions, found, type Rules } from './check-options.ts';
import { aFlag, aFunction, history, isFunction } from './rules.ts';

const rules: Rules = {
  schema: {
    words: "a schema that implements Standard Schema, as zod's, valibot's and arktype's do",
    fits: (value) => {
      const standard = (value as { '~standard'?: { validate?: unknown } } | null)?.['~standard'];
      return isFunction(standard?.validate);
    },
  },
  authorize: aFunction,
  filter: aFunction,
  public: aFlag,
  conflict: {
    words: "'merge', 'reject', or a function ({was, theirs, yours}) that returns attributes",
    fits: (value) => value === 'merge' || value === 'reject' || isFunction(value),
  },
  history,
  handlers: {
    parts: {
      read: { ...aFunction, required: true },
      create: aFunction,
      update: aFunction,
      patch: aFunction,
      delete: aFunction,
    },
  },
  id: {
    words: "'integer', 'uuid', or a function that returns an id",
    fits: (value) => value === 'integer' || value === 'uuid' || isFunction(value),
  },
  methods: {
    words: 'a list of names, none of which is read, create, update, patch or delete',
    fits: (value) =>
      Array.isArray(value) &&
      value.every((name) => typeof name === 'string' && !/^(read|create|update|patch|delete|)$/.test(name)),
  },
};

/** Throws a MedullaError 'bad-option' where a resource is defined in a way that could never work. */
export function checkResource(pattern: unknown, options: unknown): asserts pattern is string {
  const name = `A resource ${typeof pattern === 'string' ? pattern : ''}`.trim();
  const problem = patternProblem(pattern);
  if (problem) throw badOption(`A resource takes a path as '/projects/:project/tasks': ${problem}.`);
  checkOptions(name, options, rules);
  const given = options as Readonly<Record<string, unknown>>;
  const other = given.handlers && ELSEWHERE.find((option) => given[option] !== undefined);
  if (other) throw badOption(`${name} has handlers, so that ${other} is theirs to decide: leave it out.`);
}

/** What handlers decide by themselves. */
const ELSEWHERE = ['conflict', 'id'];

function patternProblem(pattern: unknown): string | undefined {
  if (typeof pattern !== 'string') return `found ${found(pattern)}`;
  const path = withoutEnd(pattern);
  const what = found(pattern);
  if (/[?#]/.test(path)) return `${what} has a query or a hash, which the path of a url does not`;
  if (path.includes('*')) return `${what} has a '*': a part that may be anything has a name, as :part`;
  if (!/^(\/[^/]+)+$/.test(path)) return `${what} does not begin with '/', or has an empty part`;
  const names = path.split('/').filter((part) => part.startsWith(':'));
  if (names.includes(':')) return `${what} has a ':' without a name`;
  if (new Set(names).size < names.length) return `${what} has one name twice`;
  const written = new URL(path, 'http://server').pathname;
  return written === path ? undefined : `in a url ${what} is written '${written}'`;
}

/** The end's slashes mean nothing. */
export const withoutEnd = (pattern: string): string => pattern.replace(/(?<!\/)\/+$/, '');
