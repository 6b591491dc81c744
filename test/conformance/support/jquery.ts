import { createRequire } from 'node:module';

interface Answered {
  done(fn: (...args: unknown[]) => void): Answered;
  fail(fn: (...args: unknown[]) => void): Answered;
}

/** What is used of jQuery where there is no page. */
export interface JQuery {
  when(...all: unknown[]): Answered;
}

const known: Readonly<Record<PropertyKey, unknown>> = {
  setTimeout,
  nodeType: 9,
  [Symbol.toPrimitive]: () => '',
};

/** Whatever else is asked of it, it is that itself: jQuery looks at a window as it begins, and its promises need none. */
const window: unknown = new Proxy(() => window, {
  get: (_target, name) => known[name] ?? window,
  apply: () => window,
  has: () => true,
});

const require = createRequire(import.meta.url);

/** The real jQuery, 3 and 4, for its promises. */
export const jqueries = (): readonly JQuery[] => [
  (require('jquery') as (window: unknown) => JQuery)(window),
  (require('jquery-4/factory') as { jQueryFactory(window: unknown): JQuery }).jQueryFactory(window),
];
