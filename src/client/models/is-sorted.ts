import type { Collection, Model } from '../backbone.ts';

/** Whether the collection is in the order that its comparator asks for, in any of the three forms that Backbone takes. */
export function isSorted(collection: Collection): boolean {
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
  return !models.some((model, i) => i > 0 && off(models[i - 1] ?? model, model));
}
