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
  const { id = 'integer' } = options;
  if (id === 'integer') return temporary;
  if (id === 'uuid') return uuid();
  const made: unknown = await id(ctx);
  if (fits(recordId, made) && made !== '' && !isTemporary(made)) return made;
  throw new Error(`The id function of ${pattern} has to return text or a number: it returned ${found(made)}`);
}
