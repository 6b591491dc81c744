import type { Collection, Model } from '../backbone.ts';

/** Above this many, all are looked at instead of finding each. */
const MANY = 100;

/** Whether the models stand where the comparator wants them, in any of the three forms that Backbone takes. */
export function areInOrder(collection: Collection, touched: readonly Model[]): boolean {
  const { comparator, models } = collection;
  const by = (model: Model) =>
    typeof comparator === 'function'
      ? comparator.call(collection, model)
      : model.attributes[String(comparator)];
  const off = (a: Model | undefined, b: Model | undefined) => {
    if (!a || !b) return false;
    if (typeof comparator === 'function' && comparator.length === 2)
      return comparator.call(collection, a, b) > 0;
    const [x, y] = [by(a), by(b)];
    return x !== y && (x > y || x === undefined);
  };
  if (touched.length > MANY) return !models.some((model, i) => off(models[i - 1], model));
  return !touched.some((model) => {
    const i = models.indexOf(model);
    return off(models[i - 1], model) || off(model, models[i + 1]);
  });
}
