import { isLonger } from '../../base/is-longer.ts';
import { equalJson } from '../../base/json.ts';
import type { Log } from '../../base/log.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import {
  isTemporary,
  isUnderTemporary,
  type MutationId,
  type RecordId,
  type Topic,
} from '../../protocol/ids.ts';
import { laidOn, type Mutation } from '../../protocol/mutation.ts';
import type { RefusingReceipt } from '../../protocol/receipt.ts';
import { tooLarge } from '../commit/commit-run.ts';
import { type CarriedOut, carryOut } from '../handlers/carry-out.ts';
import { keptRow } from '../handlers/kept-record.ts';
import { Context } from '../resource/context.ts';
import type { MiddlewareStack } from '../resource/middleware.ts';
import { newRecordId } from '../resource/new-record-id.ts';
import { closed, isGuarded, permit } from '../resource/permit.ts';
import { detailsOf, isRefusal, Refusal } from '../resource/refusal.ts';
import type { Resource } from '../resource/resource.ts';
import type { Match } from '../resource/resources.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { asAttributes, difference, type StandardSchema, validate } from '../resource/validate.ts';
import { isThere } from '../sight/is-there.ts';
import { mayRead } from '../sight/may-read.ts';
import { notThere } from '../sight/not-there.ts';
import { sightOf } from '../sight/sight-of.ts';
import type { StoreWrite } from '../store.ts';
import { maySee } from './may-see.ts';

/** A write to be judged. `current`: the record as it is, or as the writes before it will leave it. */
export interface Case {
  readonly ids: readonly MutationId[];
  readonly mutation: Mutation;
  /** The receipt number that was current when it was first sent. */
  readonly number: number;
  readonly match: Match;
  readonly current: Row | null;
}

/** `judged`: on the record, so that it has to be judged again if the record is another by then. */
export type Judgement =
  | {
      readonly type: 'write';
      readonly write: StoreWrite;
      readonly judged: boolean;
      /** What is told besides, once it is done. */
      readonly notice: Notice | null;
    }
  | { readonly type: 'refused'; readonly receipt: RefusingReceipt }
  | { readonly type: 'failed'; readonly error: unknown };

/** Who is told of a write beside those who follow its topic, and what. */
export interface Notice {
  readonly topics: ReadonlySet<Topic>;
  readonly model: Attributes;
}

export interface Court {
  readonly session: SessionInfo;
  readonly common: MiddlewareStack;
  /** Bytes of JSON a record may have. */
  readonly limit: number;
  /** A new one. */
  readonly uuid: () => string;
  readonly log: Log;
  /** A record as it is in the store. */
  readonly kept: (topic: Topic, record: RecordId) => Promise<Row | null>;
}

/** Middleware, permission, schema: all the application's code that a write meets, but for conflict functions. */
export function judge(item: Case, court: Court): Judgement | Promise<Judgement> {
  const { ids, mutation, match } = item;
  const { topic, set, unset } = mutation;
  const { resource } = match;
  // Whoever made what this is under has been told its id, and names it by that.
  if (isUnderTemporary(topic)) return refused(ids, 'gone', `What ${topic} is under was never made.`);
  if (!isGuarded(resource, court.common) && !isAsked(mutation)) {
    const shut = closed(resource);
    return shut ? refused(ids, 'forbidden', shut) : accepted(item, court, { set, unset }, false);
  }
  // Nobody could take back what was done there before the rest was refused.
  if (resource.options.handlers && (mutation.batch?.size ?? 1) > 1)
    return refused(ids, 'invalid', `${resource.pattern} has handlers, which cannot do a batch as one.`);
  return heard(item, court);
}

/** By the application's code. */
async function heard(item: Case, court: Court): Promise<Judgement> {
  const { session, common, limit } = court;
  const { ids, mutation, match } = item;
  let { current } = item;
  const { resource, params } = match;
  const { handlers, schema, filter, conflict = 'merge' } = resource.options;
  const { topic, record, method, base, set, unset, recordVersion, options } = mutation;
  const asked = isAsked(mutation);
  const intent = { method, topic, record: asked ? null : record, ids, set, unset, recordVersion, options };
  try {
    if (handlers) {
      const place = { session, topic, params, options, record };
      current = method === 'create' ? null : await keptRow(handlers, place, current);
    }
    const ctx = new Context({ ...intent, session, params, current });
    let content: Content | CarriedOut = { set, unset };
    await permit(resource, common, ctx, async (tag) => {
      const sight = sightOf(match, tag, { topic, user: session.user, log: court.log });
      if (current && !sight.sees(record, current[2])) throw unseen(method, record, topic);
      // That it is taken is said by a conflict, which tells what is there.
      if (current && method === 'create' && !(await mayRead(match, mutation, current, court)))
        throw unseen(method, record, topic);
      const settled = await settledContent({ ...item, current }, ctx, schema);
      content = { set: settled.set, unset: settled.unset };
      if (handlers) {
        Object.assign(ctx, content);
        if (isLonger(JSON.stringify(ctx.attrs), limit))
          throw new Refusal(tooLarge({ ids, topic, record, limit }).message, { code: 'invalid' });
        const told = async (id: RecordId) => (await court.kept(topic, id))?.[1] ?? null;
        content = await carryOut({ pattern: resource.pattern, handlers, told }, ctx);
      } else if (asked) {
        const made = await newRecordId(resource, ctx, record, court.uuid);
        const there = isGiven(resource, ctx) ? await court.kept(topic, made) : null;
        // At once, since it is known: by the time of the commit it may be another, that its author does not see.
        if (there) {
          current = there;
          throw (await mayRead(match, mutation, there, court))
            ? taken(made, topic)
            : unseen(method, made, topic);
        }
        content = { ...content, record: made };
      }
    });
    // What it was shown or refused by must not be another by the time of the commit.
    const isJudged = ctx.judged || handlers !== undefined || filter !== undefined || method === 'create';
    const isMet = current !== null && (method === 'create' || base !== current[1]);
    const isTold = method === 'create' || conflict !== 'merge';
    const hidden = isTold && !(await maySee(match, mutation, isMet ? current : null, court));
    return accepted({ ...item, current }, court, content, isJudged && !asked, ctx, hidden);
  } catch (error) {
    if (!isRefusal(error)) return { type: 'failed', error };
    const { code, message } = error;
    if (code !== 'conflict') return refused(ids, code, message, detailsOf(error));
    const isShown = current && (await mayRead(match, mutation, current, court).catch(() => false));
    const there = current && isShown ? { version: current[1], attrs: current[2] } : null;
    const receipt = { type: code, ...refusal(ids, code, message, detailsOf(error)), current: there };
    return { type: 'refused', receipt };
  }
}

/** Its author leaves the id to the server. */
const isAsked = ({ method, record }: Mutation): boolean => method === 'create' && isTemporary(record);

const refusal = (ids: Case['ids'], code: Refusal['code'], message: string, details: unknown) => ({
  ...{ ids, code, message },
  ...(details === undefined ? {} : { details }),
});

function refused(
  ids: Case['ids'],
  type: Exclude<Refusal['code'], 'conflict'>,
  message: string,
  details?: unknown,
): Judgement {
  return { type: 'refused', receipt: { type, ...refusal(ids, type, message, details) } };
}

function accepted(
  { ids, mutation, number, match, current }: Case,
  { session, limit }: Court,
  content: Content | CarriedOut,
  judged: boolean,
  ctx?: Context,
  hidden = false,
): Judgement {
  const { topic, record, method, base, was, batch } = mutation;
  const { filter, conflict = 'merge' } = match.resource.options;
  const write: StoreWrite = {
    ...{ ids, user: session.user, topic, record, asked: isAsked(mutation), method, base, was, limit },
    ...content,
    ...(batch && { batch: batch.id }),
    ...(ctx?.isSilent && { silent: true }),
    ...(hidden && { hidden }),
    ...(filter && { images: { before: current?.[2] ?? null } }),
    conflict,
    sent: mutation,
    number,
  };
  const notice = ctx?.notified.size ? { topics: ctx.notified, model: ctx.attrs ?? ctx.current ?? {} } : null;
  return { type: 'write', write, judged, notice };
}

/** Whoever guesses the id of what they do not see learns that it is taken, and no more. */
function unseen(method: Mutation['method'], record: RecordId, topic: Topic): Refusal {
  if (method === 'create') return new Refusal(`You may not create ${record} in ${topic}.`);
  return new Refusal(notThere(record, topic), { code: 'gone' });
}

const taken = (record: RecordId, topic: Topic) => new Refusal(isThere(record, topic), { code: 'conflict' });

/** Whether the application has said what a new record is called: it may have named one that is there. */
const isGiven = ({ options }: Resource, ctx: Context): boolean =>
  ctx.id !== undefined || typeof options.id === 'function';

interface Content {
  /** Where it is another than its author's. */
  readonly record?: RecordId;
  readonly set: StoreWrite['set'];
  readonly unset: StoreWrite['unset'];
}

/** What is to be set in the end: what was sent, as middleware and schema changed it. */
async function settledContent(
  { mutation, current }: Case,
  ctx: Context,
  schema?: StandardSchema,
): Promise<Content> {
  const { method, set, unset, base } = mutation;
  if (method === 'delete') return mutation;
  const isSame = equalJson(ctx.set, set) && equalJson(ctx.unset, unset);
  const content: Content = isSame ? mutation : { set: asAttributes(ctx.set), unset: ctx.unset };
  // An update of what is gone is refused by the store; a schema could only find what is missing in it.
  const isGone = ctx.current === null && method !== 'create' && base !== null;
  if (!schema || isGone) return content;
  const before = method === 'create' ? {} : (current?.[2] ?? {});
  const wanted = laidOn(before, { method, ...content }) ?? {};
  const after = await validate(schema, wanted);
  return equalJson(after, wanted) ? content : difference(before, after, content.set);
}
