import type { Attributes } from '../../protocol/attributes.ts';
import type { RecordId } from '../../protocol/ids.ts';
import type { Context } from '../resource/context.ts';
import type { Next } from '../resource/middleware.ts';
import { Refusal } from '../resource/refusal.ts';
import { modelOf, parsedBy } from './lay.ts';
import type { ServedCollection, ServedModel } from './served-like.ts';

/**
 * Refuses what the models' own `validate` does not take, as it is in the page. No model is made for that, but where only a
 * function of the collection's knows of which class it is. It is asked last: what it says may tell of the record, and
 * middleware may have changed the write.
 */
export const validBy = (collection: ServedCollection) => async (ctx: Context, next: Next) => {
  await next();
  const { attrs } = ctx;
  const { prototype } = collection.model;
  const isClass = prototype?.idAttribute !== undefined;
  if (!attrs || (isClass && !prototype.validate)) return;
  const record = ctx.record as RecordId;
  const model = isClass ? likeOne(prototype, attrs, record) : modelOf(collection, record, attrs);
  const problem: unknown = model ? model.validate?.(model.attributes, {}) : undefined;
  if (problem) throw new Refusal(String(problem), { code: 'invalid', details: { problem } });
};

function likeOne(prototype: ServedModel, attrs: Attributes, record: RecordId): ServedModel {
  const model: ServedModel = Object.create(prototype);
  return Object.assign(model, { attributes: parsedBy(model, record, attrs) });
}
