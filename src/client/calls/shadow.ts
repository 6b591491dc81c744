import type { Hash } from '../backbone.ts';

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Runs a call while what `puts` put up stands; takes all of it away again. */
export const under =
  (...puts: (() => () => void)[]) =>
  (call: () => void): void => {
    const restores = puts.map((put) => put());
    try {
      call();
    } finally {
      for (const restore of restores) restore();
    }
  };

/**
 * Puts `method` in front of the object's own for one call, to stand between a closure of Backbone and the model that it
 * acts on. It gets the original. Returns what takes it away again; idempotent.
 */
export function shadow(
  target: object,
  name: string,
  method: (original: Method, args: unknown[]) => unknown,
): () => void {
  const object = target as Hash;
  const original = object[name] as Method;
  const own = Object.hasOwn(object, name);
  let there = true;
  const restore = () => {
    if (there && own) object[name] = original;
    else if (there) delete object[name];
    there = false;
  };
  object[name] = function (this: unknown, ...args: unknown[]) {
    restore();
    return method((...given) => original.apply(this, given), args);
  };
  return restore;
}
