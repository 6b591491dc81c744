import { fits, list, parse, type Shape, text } from '../../base/shape.ts';
import { attributes } from '../../protocol/attributes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { type MutationId, recordKey } from '../../protocol/ids.ts';
import { type Sent, sent } from '../../protocol/server-up.ts';

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

/** Names longer than this are nobody's: ids, users, topics. In UTF-16 units. */
const MAX_NAME = 2_000;

const ids: Shape<readonly MutationId[]> = list(text<MutationId>());

export function parsePushItem(value: unknown): PushItem {
  const problem = sent.problem(value, '') ?? badName(value as Sent);
  if (!problem) {
    const item = parse(sent, value);
    return { type: 'sent', ids: [item.mutation.id, ...item.also], sent: item };
  }
  const { mutation, also } = fieldsOf(value);
  const { id, user, set, was } = fieldsOf(mutation);
  const named: unknown = [id, ...(Array.isArray(also) ? also : [])];
  const isNamed = fits(ids, named) && named.every((name) => name.length > 0 && !badText(name));
  const isAttribute = [set, was].some((attrs) => attributes.problem(attrs, ''));
  const code = isAttribute ? 'bad-attribute' : 'bad-message';
  return { type: 'malformed', ids: isNamed ? named : [], user, code, message: problem };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** Names go into a database as text: it must be text that comes out as it went in. */
function badName({ mutation, also }: Sent): string | undefined {
  const { id, user, topic, record } = mutation;
  const names = [
    ['id', id],
    ['user', user],
    ['topic', topic],
    ['record', recordKey(record)],
  ] as const;
  const bad = [...names, ...also.map((name) => ['also', name] as const)].find(([, name]) => badText(name));
  if (bad) return `mutation.${bad[0]} is not a name: it is too long, or no well-formed text`;
  return recordKey(record) === '' || topic === '' ? 'mutation.record is not a name: it is empty' : undefined;
}

/** Whether a name is too long, holds half of a surrogate pair or a NUL: a database would not give it back. */
export const badText = (name: string): boolean =>
  name.length > MAX_NAME || /\p{Surrogate}/u.test(name) || name.includes('\0');
