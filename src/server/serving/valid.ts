import type { RecordId } from '../../protocol/ids.ts';
import type { Context } from '../resource/context.ts';
import type { Next } from '../resource/middleware.ts';
import { Refusal } from '../resource/refusal.ts';
import { wireOf } from './lay.ts';
import type { ServedModel } from './served-like.ts';

/**
 * Refuses what the models' own `validate` does not take, as it is in the page. No model is made for that. It is asked last:
 * what it says may tell of the record, and middleware may have changed the write.
 */
export const validBy = (prototype: ServedModel | undefined) => async (ctx: Context, next: Next) => {
  await next();
  const validate = prototype?.validate;
  const { attrs } = ctx;
  if (validate && attrs) {
    const model: ServedModel = Object.create(prototype);
    const wire = wireOf(attrs, ctx.record as RecordId, model.idAttribute);
    const parsed = Object(model.parse(wire, {}));
    Object.assign(model, { attributes: parsed });
    const problem: unknown = validate.call(model, parsed, {});
    if (problem) throw new Refusal(String(problem), { code: 'invalid', details: { problem } });
  }
};
