import type { Attributes } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { Context, type ContextInit } from '../resource/context.ts';
import { asAttributes } from '../resource/validate.ts';
import type { Handlers } from './handlers.ts';

type Place = Pick<ContextInit, 'session' | 'topic' | 'params' | 'options'> & { readonly record: RecordId };

/** A record as its backend has it, without its id; null = there is none. */
export async function keptRecord(handlers: Handlers, place: Place): Promise<Attributes | null> {
  const answer = await handlers.read(new Context({ ...place, method: 'read' }));
  if (answer === null || answer === undefined) return null;
  const { id: _, ...attrs } = asAttributes(answer);
  return attrs;
}

/** The same as a row, under the version of what the store has told of it. */
export async function keptRow(handlers: Handlers, place: Place, told: Row | null): Promise<Row | null> {
  const attrs = await keptRecord(handlers, place);
  return attrs && [place.record, told?.[1] ?? 0, attrs];
}
