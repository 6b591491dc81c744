import { fits } from '../../base/shape.ts';
import { isTemporary, type RecordId } from '../../protocol/ids.ts';
import { recordId } from '../../protocol/mutation.ts';
import { found } from '../options/check-options.ts';
import type { Context } from '../resource/context.ts';
import { Refusal } from '../resource/refusal.ts';
import type { StoreWrite } from '../store.ts';
import type { Handlers, Write } from './handlers.ts';
import { keptRecord } from './kept-record.ts';

/** What the store is to tell of a write that was carried out elsewhere. */
export type CarriedOut = Pick<
  StoreWrite,
  'record' | 'method' | 'set' | 'unset' | 'base' | 'judgedOn' | 'limit'
> & {
  readonly elsewhere: true;
};

export interface Backend {
  readonly pattern: string;
  readonly handlers: Handlers;
  /** The version of what was told last of a record; null = nothing was. */
  told(record: RecordId): Promise<number | null>;
}

/**
 * Has the backend carry a write out, and looks what the record is then: in that order, and after the version of what was told last was read,
 * so that what is told last of a record has all that was done to it before.
 */
export async function carryOut({ pattern, handlers, told }: Backend, ctx: Context): Promise<CarriedOut> {
  const { session, topic, params, options, method } = ctx;
  const write = handlerOf(handlers, method);
  if (!write) throw new Refusal(`Nobody can ${method} in ${pattern}: its handlers have no ${method}.`);
  const made = await write(ctx);
  const record = ctx.record ?? idIn(made, pattern);
  // Of a record that had its id before, the caller has read that already.
  const judged = ctx.record === null && { judgedOn: await told(record) };
  const attrs = await keptRecord(handlers, { session, topic, params, options, record });
  // However large it is by now: it is done.
  const limit = Number.POSITIVE_INFINITY;
  const effect = attrs
    ? ({ method: 'update', set: attrs } as const)
    : ({ method: 'delete', set: {} } as const);
  return { record, ...effect, unset: [], base: null, limit, elsewhere: true, ...judged };
}

function handlerOf(handlers: Handlers, method: string): Write | undefined {
  switch (method) {
    case 'create':
    case 'update':
    case 'delete':
      return handlers[method];
    default:
      return handlers.patch ?? handlers.update;
  }
}

function idIn(made: unknown, pattern: string): RecordId {
  const id = typeof made === 'object' && made !== null && 'id' in made ? made.id : made;
  if (fits(recordId, id) && id !== '' && !isTemporary(id)) return id;
  throw new Error(
    `The create of ${pattern} has to return the id that it gave, or a record with it: found ${found(id)}`,
  );
}
