import type { Collection, Model } from '../backbone.ts';

/** Whether the models stand where the comparator wants them, in any of the three forms that Backbone takes. */
export function areInOrder(collection: Collection, touched: readonly Model[]): boolean {
  const { comparator, models } = collection;
  const by = (model: Model) =>
    typeof comparator === 'function'
      ? comparator.call(collection, model)
      : model.attributes[String(comparator)];
  const off = (a: Model, b: Model) => {
    if (typeof comparator === 'function' && comparator.length === 2)
      return comparator.call(collection, a, b) > 0;
    const [x, y] = [by(a), by(b)];
    return x !== y && (x > y || x === undefined);
  };
  const moved = new Set(touched);
  return !models.some((model, i) => {
    const before = models[i - 1];
    return before && (moved.has(before) || moved.has(model)) && off(before, model);
  });
}
