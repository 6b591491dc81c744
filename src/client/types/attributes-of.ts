import type { Hash } from '../backbone.ts';

/** The attributes of a model, or of a collection's models, as far as their types say. */
export type AttributesOf<T> = 0 extends 1 & T
  ? Hash
  : T extends { readonly models: readonly (infer M)[] }
    ? AttributesOf<M>
    : T extends { readonly attributes: infer A extends object }
      ? A
      : Hash;

/** A collection's models, or the model itself. */
export type ModelOf<T> = T extends { readonly models: readonly (infer M)[] } ? M : T;
