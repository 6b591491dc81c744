/**
 * Shapes parse what crosses a boundary: `unknown` in, a typed value or a `Mismatch` out. A shape carries its own
 * description as text, so that a test can hash the wire.
 */
export interface Shape<T> {
  readonly text: string;
  /** What is wrong with `value`, or undefined. It begins with `path`, which names the place; null = nobody reads it. */
  problem(value: unknown, path: string | null): string | undefined;
  /** Never set; it carries the type. */
  readonly of?: T;
}

export type Of<S> = S extends Shape<infer T> ? T : never;

export class Mismatch extends Error {}

/** The value, typed; throws a {@link Mismatch} that names the place and what was found there. */
export function parse<T>(shape: Shape<T>, value: unknown): T {
  const problem = shape.problem(value, '');
  if (problem) throw new Mismatch(problem);
  return value as T;
}

export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return shape.problem(value, null) === undefined;
}

function found(path: string | null, wanted: string, value: unknown): string {
  if (path === null) return wanted;
  const kind = Array.isArray(value)
    ? 'an array'
    : typeof value === 'object' && value
      ? 'an object'
      : String(value);
  return `${path || 'message'} is not ${wanted}: current value is ${kind.slice(0, 40)}`;
}

function simple<T>(text: string, test: (value: unknown) => boolean): Shape<T> {
  return { text, problem: (value, path) => (test(value) ? undefined : found(path, text, value)) };
}

export const text = <T extends string = string>(): Shape<T> =>
  simple('text', (value) => typeof value === 'string');
export const number: Shape<number> = simple('number', Number.isFinite);
export const flag: Shape<boolean> = simple('flag', (value) => typeof value === 'boolean');
export const anything: Shape<unknown> = simple('anything', () => true);
export const nothing: Shape<null> = simple('null', (value) => value === null);

export const literal = <const T extends string | number | boolean>(wanted: T): Shape<T> =>
  simple(JSON.stringify(wanted), (value) => value === wanted);

export const oneOf = <const T extends string>(...names: T[]): Shape<T> =>
  simple(names.join('|'), (value) => (names as unknown[]).includes(value));

/** Fits where one of the alternatives does. */
export function either<A extends Shape<unknown>[]>(...shapes: A): Shape<Of<A[number]>> {
  return simple(shapes.map((shape) => shape.text).join(' or '), (value) =>
    shapes.some((shape) => fits(shape, value)),
  );
}

/** Stands for a place in a list: which one it is, is said only where something is wrong. */
const HERE = '[]';

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    text: `[${item.text}]`,
    problem(value, path) {
      if (!Array.isArray(value)) return found(path, 'a list', value);
      for (let i = 0; i < value.length; i++) {
        const problem = item.problem(value[i], HERE);
        if (problem) return `${path}[${i}]${problem.slice(HERE.length)}`;
      }
      return undefined;
    },
  };
}

export interface Optional<T> extends Shape<T> {
  readonly optional: true;
}

/** A key that may be missing; `undefined` counts as missing. */
export const optional = <T>(shape: Shape<T>): Optional<T> => ({
  ...shape,
  text: `${shape.text}?`,
  optional: true,
});

type Fields = Record<string, Shape<unknown>>;
type OptionalKeys<F> = { [K in keyof F]: F[K] extends Optional<unknown> ? K : never }[keyof F];
type Flatten<T> = { [K in keyof T]: T[K] };
export type ObjectOf<F extends Fields> = Flatten<
  { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Of<F[K]> } & {
    readonly [K in OptionalKeys<F>]?: Of<F[K]>;
  }
>;

/** An object with these fields. Fields that it does not name are let through: a newer peer may send them. */
export function object<F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const entries = Object.entries(fields);
  return {
    text: `{${entries.map(([key, shape]) => `${key}: ${shape.text}`).join(', ')}}`,
    problem(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return found(path, 'an object', value);
      for (const [key, shape] of entries) {
        const field = (value as Record<string, unknown>)[key];
        if (field === undefined && 'optional' in shape) continue;
        const problem = shape.problem(field, key);
        if (problem) return path ? `${path}.${problem}` : problem;
      }
      return undefined;
    },
  };
}

/** One of several messages, told apart by `type`. */
export function messages<F extends Record<string, Fields>>(
  kinds: F,
): Shape<{ [K in keyof F]: Flatten<{ readonly type: K } & ObjectOf<F[K]>> }[keyof F]> {
  const shapes = new Map(Object.entries(kinds).map(([type, fields]) => [type, object(fields)]));
  return {
    text: [...shapes].map(([type, shape]) => `${type}${shape.text}`).join('\n'),
    problem(value, path) {
      const type =
        typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : undefined;
      const shape = shapes.get(type as string);
      return shape
        ? shape.problem(value, path)
        : found(path ? `${path}.type` : 'type', 'a known message', type);
    },
  };
}
