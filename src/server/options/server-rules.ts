import { DEFAULT_LIMITS } from '../limits/server-limits.ts';
import { badOption, found, type Rule, type Rules } from './check-options.ts';
import { aCount, aFlag, aFunction, anAmount, days, having, history, isCount, isFunction } from './rules.ts';

/** An origin as browsers name it: no path, not even a slash. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/i;
const isOrigin = (value: unknown) =>
  value instanceof RegExp || value === '*' || (typeof value === 'string' && ORIGIN.test(value));

const STORE = [
  'open',
  'read',
  'receipts',
  'commit',
  'refuse',
  'head',
  'heads',
  'page',
  'log',
  'number',
  'trim',
  'close',
];

const aRate: Rule = {
  words: 'how many in a second, a whole number above 0, or { count, seconds }',
  fits: (value) => {
    const { count, seconds } = Object(typeof value === 'number' ? { count: value, seconds: 1 } : value);
    return isCount(count) && isCount(seconds);
  },
};
const aRedis = having('a connection of ioredis or node-redis', 'multi', 'eval');

/** The options of createServer. */
export const serverRules: Rules = {
  store: {
    ...having('what memoryStore(), sqliteStore(file) or postgresStore(pool) returns', ...STORE),
    required: true,
  },
  authenticate: aFunction,
  path: {
    words: "a path that begins with '/'",
    fits: (value) => typeof value === 'string' && /^\/[^?#]+$/.test(value),
  },
  adapter: {
    words: "what an adapter's createAdapter returns",
    fits: isFunction,
  },
  origin: {
    words: "origins as 'https://app.example.com', without a path: one, a RegExp, or a list of these",
    fits: (value) => (Array.isArray(value) ? value.length > 0 && value.every(isOrigin) : isOrigin(value)),
  },
  handshake: {
    words: 'a list of functions (request, response, next)',
    fits: (value) => Array.isArray(value) && value.every(isFunction),
  },
  limits: {
    parts: Object.fromEntries(Object.keys(DEFAULT_LIMITS).map((name) => [name, aCount])),
  },
  rates: { parts: { writes: aRate, reads: aRate, messages: aRate, redis: aRedis, who: aFunction } },
  page: { parts: { rows: aCount, bytes: aCount } },
  history,
  receiptDays: days,
  assets: {
    words: 'the path of a folder, or false',
    fits: (value) => value === false || (typeof value === 'string' && value !== ''),
  },
  metrics: {
    words: 'true, false, or a function that says who may read them',
    fits: (value) => typeof value === 'boolean' || isFunction(value),
  },
  debug: aFlag,
  log: aFunction,
  clock: having('an object with now() and after(ms, fn)', 'now', 'after'),
  random: having('an object with next() and id()', 'next', 'id'),
};

const someTime = { ...anAmount, fits: (value: unknown) => Number.isFinite(value) && anAmount.fits(value) };

/** The options of close. */
export const closeRules: Rules = { within: someTime, after: someTime, spread: someTime };

const isHttpServer = having('', 'on', 'emit', 'listen', 'address', 'close').fits;
const isSocketServer = having('', 'of', 'use', 'on').fits;

/** Throws where this is neither an http server nor a Socket.IO server. An Express application is none, nor is Koa's. */
export function checkTarget(target: unknown): void {
  if (isHttpServer(target) || isSocketServer(target)) return;
  const example = 'createServer(http.createServer(app), { store: memoryStore() })';
  throw badOption(
    `createServer takes Node's http server first, or a Socket.IO server, as in ${example}: found ${found(target)}.`,
  );
}
