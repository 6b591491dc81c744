import type { Log } from '../../base/log.ts';
import type { Row } from '../../protocol/change.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import { Context } from '../resource/context.ts';
import type { MiddlewareStack } from '../resource/middleware.ts';
import { permit } from '../resource/permit.ts';
import type { Match } from '../resource/resources.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { sightOf } from '../sight/sight-of.ts';

interface Writer {
  readonly session: SessionInfo;
  readonly common: MiddlewareStack;
  readonly log: Log;
}

/**
 * Whether who may write a record may also see it as it is: a drop box takes letters, and shows none. Asked where a write meets a
 * record that its author has not seen, since its receipt would tell of it; null = it is not known which.
 */
export async function maySee(
  match: Match,
  { session, common, log }: Writer,
  { topic, record, options }: Mutation,
  current: Row | null,
): Promise<boolean> {
  const { resource, params } = match;
  const isAsked = [common, resource.middleware].some((stack) => stack.for('read').length > 0);
  if (!isAsked && !resource.options.authorize) return true;
  if (!current) return false;
  const nothing = { ids: [], set: {}, unset: [], query: null };
  const ctx = new Context({ ...nothing, method: 'read', session, topic, params, record, current, options });
  try {
    const tag = await permit(resource, common, ctx);
    return sightOf(match, tag, { topic, user: session.user, log }).sees(record, current[2]);
  } catch {
    return false;
  }
}
