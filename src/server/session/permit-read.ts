import type { Attributes } from '../../protocol/attributes.ts';
import type { Cursor, Row } from '../../protocol/change.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { type RecordId, recordKey, type Topic } from '../../protocol/ids.ts';
import type { Answer } from '../answers/answered.ts';
import { keptRow } from '../handlers/kept-record.ts';
import { Context } from '../resource/context.ts';
import { permit } from '../resource/permit.ts';
import { isRefusal, refused } from '../resource/refusal.ts';
import { unknownResource } from '../resource/resources.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import type { Sight } from '../sight/sight.ts';
import { sightOf } from '../sight/sight-of.ts';
import { checkNames } from './names.ts';
import type { SessionParts } from './session-parts.ts';
import { storedRow } from './stored-row.ts';

export interface Wanted {
  readonly topic: Topic;
  /** null = the whole topic. */
  readonly record?: RecordId | null;
  readonly query?: Attributes | null;
  readonly options?: Attributes | undefined;
  /** Only whether it may be done is asked. */
  readonly isTrial?: boolean;
}

/** A read that may be done. */
export interface Permitted {
  /** The record, where one is asked for and there. */
  readonly row: Row | null;
  /** Null = it is answered from the store. */
  readonly answer: Answer | null;
  /** Where the topic stood before the application was asked; null = that was not looked at. */
  readonly head: Cursor | null;
  /** What is seen of it. */
  readonly sight: Sight;
  /** Whom it wants to be told. */
  readonly notified: ReadonlySet<Topic>;
}

/** Lets a read pass, or throws a MedullaError that says why not. `isAnswered`: the application is known to answer it. */
export async function permitRead(
  parts: SessionParts,
  session: SessionInfo,
  wanted: Wanted,
  isAnswered = false,
): Promise<Permitted> {
  const { resources, common, store, log } = parts;
  const { topic, record = null, query = null, options, isTrial = false } = wanted;
  checkNames({ topic, 'record id': record === null ? '' : recordKey(record) });
  const match = resources.match(topic);
  if (!match) throw new MedullaError('unknown-resource', unknownResource('read', topic));
  const { resource, params } = match;
  const { handlers } = resource.options;
  let row = record === null ? null : await storedRow(store, topic, record);
  const isAsked = isAnswered || handlers || !resource.middleware.isEmpty || !common.isEmpty;
  const head = isAsked && !isTrial ? await store.head(topic) : null;
  const place = { session, topic, params, options };
  let ctx: Context;
  let tag: string;
  try {
    if (handlers && record !== null) row = await keptRow(handlers, { ...place, record }, row);
    ctx = new Context({ ...place, method: 'read', record, current: row, query });
    tag = await permit(resource, common, ctx);
    if (handlers && record === null && ctx.answer === undefined && !isTrial)
      ctx.answer = (await handlers.read(ctx)) ?? [];
  } catch (error) {
    if (isRefusal(error)) throw refused(error);
    log('error', 'judgement-failed', { error, topic, user: session.user });
    throw new MedullaError('retry', `The server could not judge a read of ${topic} now.`);
  }
  // authorize may answer, and hardly ever does: then it is asked again, once it is known where the topic stands.
  if (ctx.answer !== undefined && !head && !isTrial) return permitRead(parts, session, wanted, true);
  const sight = sightOf(match, tag, { topic, user: session.user, log });
  const answer = head && ctx.answer !== undefined ? { content: ctx.answer, head } : null;
  return { row, answer, head, sight, notified: ctx.notified };
}
