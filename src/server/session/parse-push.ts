import { fits, list, type Shape, text } from '../../base/shape.ts';
import { attributes } from '../../protocol/attributes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { type MutationId, recordKey } from '../../protocol/ids.ts';
import { type Sent, sent } from '../../protocol/server-up.ts';
import { badText } from './names.ts';

/** One mutation of a push. One that does not parse is refused by itself, if it can be named, and hinders no other. */
export type PushItem =
  | { readonly type: 'sent'; readonly ids: readonly MutationId[]; readonly sent: Sent }
  | {
      readonly type: 'malformed';
      readonly ids: readonly MutationId[];
      /** Whose it says it is. */
      readonly user: unknown;
      readonly code: ErrorCode;
      readonly message: string;
    };

const ids: Shape<readonly MutationId[]> = list(text<MutationId>());

export function parsePushItem(value: unknown): PushItem {
  const problem = sent.problem(value, '') ?? badName(value as Sent);
  if (!problem) {
    const item = value as Sent;
    return { type: 'sent', ids: once([item.mutation.id, ...item.also]), sent: item };
  }
  const { mutation, also } = fieldsOf(value);
  const { id, user, set, was } = fieldsOf(mutation);
  const named: unknown = [id, ...(Array.isArray(also) ? also : [])];
  const isNamed = fits(ids, named) && named.every((name) => name.length > 0 && !badText(name));
  const isAttribute = [set, was].some((attrs) => attributes.problem(attrs, ''));
  const code = isAttribute ? 'bad-attribute' : 'bad-message';
  return { type: 'malformed', ids: isNamed ? once(named) : [], user, code, message: problem };
}

/** The batch that it is of, if any. */
export const batchOf = (item: PushItem): MutationId | undefined =>
  item.type === 'sent' ? item.sent.mutation.batch?.id : undefined;

/** An id has one receipt, however often it is named. */
export const once = (all: readonly MutationId[]): readonly MutationId[] =>
  all.length > 1 ? [...new Set(all)] : all;

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const NAMES = ['id', 'user', 'topic', 'record'] as const;

/** Names go into a database as text: it must be text that comes out as it went in. */
function badName({ mutation, also }: Sent): string | undefined {
  const { id, user, topic } = mutation;
  const record = recordKey(mutation.record);
  const names = { id, user, topic, record };
  const bad = NAMES.find((name) => badText(names[name])) ?? (also.some(badText) ? 'also' : null);
  if (bad) return `mutation.${bad} is not a name: it is too long, or no well-formed text`;
  return record === '' || topic === '' ? 'mutation.record is not a name: it is empty' : undefined;
}
