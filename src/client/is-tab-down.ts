import type { TabDown } from '../protocol/tab-down.ts';
import type { Hash } from './backbone.ts';

/** What a value is to be like: an example, which may be a list of one, or a test of its own. */
type Like = unknown;

const isLike = (like: Like, value: unknown): boolean => {
  if (typeof like === 'function') return like(value);
  if (typeof like !== typeof value) return false;
  if (Array.isArray(like)) return Array.isArray(value) && value.every((item) => isLike(like[0], item));
  return Object.entries(like ?? {}).every(([name, part]) => isLike(part, (value as Hash | null)?.[name]));
};

/** One of several, told apart by `type`. */
const oneOf = (kinds: Hash) => (value: { type: string } | null | undefined) =>
  Object.hasOwn(kinds, value?.type ?? '') && isLike(kinds[value?.type ?? ''], value);
const optional = (like: Like) => (value: unknown) => value === undefined || isLike(like, value);
const record = (value: unknown) => /string|number/.test(typeof value);

const refusal = { code: '', message: '', status: 0 };

/**
 * Whether a tab can apply the message whole. The shapes of the protocol would say more than that, and weigh as much as
 * a tenth of the page's script: their place is where less is known of the other side.
 */
export const isTabDown = oneOf({
  welcome: { boot: '', lock: '' },
  received: { count: 0 },
  batch: {
    batch: 0,
    n: 0,
    values: [{ topic: '', record, version: 0, attrs: null, state: '' }],
    settlements: [
      oneOf({
        queued: { n: 0 },
        settled: { n: 0, receipt: { ids: [''] }, state: '' },
        failed: { n: 0, ...refusal },
      }),
    ],
    answers: [
      oneOf({ rows: { request: 0, rows: [{ 0: record, 1: 0, 2: {} }] }, failed: { request: 0, ...refusal } }),
    ],
    topics: [{ topic: '' }],
    outbox: optional({ items: [{ mutation: { id: '' } }], gone: [''] }),
    status: optional({ connection: '' }),
  },
  authenticate: { request: 0 },
  deposed: {},
  failed: { message: '' },
}) as (message: unknown) => message is TabDown;
