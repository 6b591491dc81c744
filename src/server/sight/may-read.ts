import type { Log } from '../../base/log.ts';
import type { Row } from '../../protocol/change.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import { Context } from '../resource/context.ts';
import type { MiddlewareStack } from '../resource/middleware.ts';
import { permit } from '../resource/permit.ts';
import { isRefusal } from '../resource/refusal.ts';
import type { Match } from '../resource/resources.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { sightOf } from './sight-of.ts';

export interface Reader {
  readonly session: SessionInfo;
  readonly common: MiddlewareStack;
  readonly log: Log;
}

/**
 * Whether the author of a write may read this record: who may make one may not see each that is there. Rejects where that
 * cannot be told.
 */
export async function mayRead(
  match: Match,
  { topic, options }: Mutation,
  current: Row,
  { session, common, log }: Reader,
): Promise<boolean> {
  const [record, , attrs] = current;
  const { params } = match;
  try {
    const ctx = new Context({ session, topic, params, options, record, current, method: 'read' });
    const tag = await permit(match.resource, common, ctx);
    return sightOf(match, tag, { topic, user: session.user, log }).sees(record, attrs);
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
