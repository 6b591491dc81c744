import { fits } from '../../base/shape.ts';
import { isTemporary, type RecordId } from '../../protocol/ids.ts';
import { recordId } from '../../protocol/mutation.ts';
import { found } from '../options/check-options.ts';
import type { Context } from './context.ts';
import type { Resource } from './resource.ts';

/** The id of a record whose author left it to the server; a temporary one where the store is to give it. */
export async function newRecordId(
  { pattern, options }: Resource,
  ctx: Context,
  temporary: RecordId,
  uuid: () => string,
): Promise<RecordId> {
  if (ctx.id !== undefined) return sound(ctx.id, pattern);
  const { id = 'integer' } = options;
  if (id === 'integer') return temporary;
  if (id === 'uuid') return uuid();
  return sound(await id(ctx), pattern);
}

function sound(made: unknown, pattern: string): RecordId {
  if (fits(recordId, made) && made !== '' && !isTemporary(made)) return made;
  throw new Error(`The id of a new record of ${pattern} has to be text or a number: found ${found(made)}`);
}
