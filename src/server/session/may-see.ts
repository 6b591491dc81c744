import type { Row } from '../../protocol/change.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Match } from '../resource/resources.ts';
import { mayRead, type Reader } from '../sight/may-read.ts';

/**
 * Whether who may write a record may also see it as it is: a drop box takes letters, and shows none. Asked where a write meets a
 * record that its author has not seen, since its receipt would tell of it; null = it is not known which.
 */
export async function maySee(
  match: Match,
  mutation: Mutation,
  current: Row | null,
  reader: Reader,
): Promise<boolean> {
  const { middleware, options } = match.resource;
  const isAsked = [reader.common, middleware].some((stack) => stack.for('read').length > 0);
  if (!isAsked && !options.authorize && !options.filter) return true;
  return current !== null && mayRead(match, mutation, current, reader).catch(() => false);
}
