import type { Json } from '../../base/json.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { recordKey } from '../../protocol/ids.ts';
import type { Addressee } from '../../protocol/messages/addressee.ts';
import { keptRow } from '../handlers/kept-record.ts';
import { Context } from '../resource/context.ts';
import { permit } from '../resource/permit.ts';
import { isRefusal, Refusal, refused } from '../resource/refusal.ts';
import { unknownResource } from '../resource/resources.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { checkNames } from '../session/names.ts';
import type { Peer, SessionParts } from '../session/session-parts.ts';
import { storedRow } from '../session/stored-row.ts';
import { notThere } from '../sight/not-there.ts';
import { sightOf } from '../sight/sight-of.ts';
import { asJson } from './as-json.ts';
import { synced } from './synced.ts';
import { tellOthers } from './tell-others.ts';

/** Does what a method of the application's own does, and resolves with its answer: by default with what came, as a model. */
export async function perform(
  parts: SessionParts,
  session: SessionInfo,
  peer: Peer,
  { topic, method, record, options }: Addressee,
  content: Json,
): Promise<Json> {
  const { resources, common, store, log } = parts;
  checkNames({ topic, 'record id': record === undefined ? '' : recordKey(record) });
  const match = resources.match(topic);
  if (!match) throw new MedullaError('unknown-resource', unknownResource(method, topic));
  const { resource, params } = match;
  if (!resource.options.methods?.includes(method))
    throw new MedullaError(
      'unknown-resource',
      `${resource.pattern} has no method ${method.slice(0, 40)}: name it in its methods.`,
    );
  const { handlers } = resource.options;
  const place = { session, topic, params, options };
  let ctx: Context;
  let answer: Json;
  try {
    let row = record === undefined ? null : await storedRow(store, topic, record);
    if (handlers && record !== undefined) row = await keptRow(handlers, { ...place, record }, row);
    ctx = new Context({ ...place, record: record ?? null, current: row, method, content });
    // Before the method goes on: what it does then is done.
    await permit(resource, common, ctx, async (tag) => {
      const sight = sightOf({ resource, params }, tag, { topic, user: session.user, log });
      if (row && !sight.sees(row[0], row[2])) throw new Refusal(notThere(row[0], topic), { code: 'gone' });
    });
    answer = asJson(ctx.answer === undefined ? content : ctx.answer);
  } catch (error) {
    if (isRefusal(error)) throw refused(error);
    log('error', 'method-failed', { error, topic, method, user: session.user });
    throw new MedullaError('internal', `The server could not do ${method} in ${topic}.`);
  }
  for (const one of ctx.notified) tellOthers(parts, peer, one, synced(one, method, answer));
  return answer;
}
