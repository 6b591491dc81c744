/**
 * As much of Backbone's models and collections as is used here, of any version and any copy: nothing is imported, so that
 * the same file serves Node and the page.
 */
export interface ModelLike {
  readonly cid: string;
  readonly id?: unknown;
  readonly idAttribute: string;
  readonly attributes: object;
  readonly collection?: unknown;
  toJSON(options?: object): unknown;
}

export interface CollectionLike {
  readonly models: readonly object[];
  readonly id?: unknown;
  readonly url?: unknown;
}

/** What every typing of Backbone writes down in another way. */
export interface Writable {
  parse(response: unknown, options?: object): unknown;
  set(attrs: object, options?: object): unknown;
  on(name: string, fn: (...args: never[]) => unknown): unknown;
  off(name: string, fn: (...args: never[]) => unknown): unknown;
}

export const isCollection = (value: unknown): value is CollectionLike =>
  Array.isArray(Object(value).models) && typeof Object(value).on === 'function';

export const isModel = (value: unknown): value is ModelLike =>
  typeof Object(value).cid === 'string' && typeof Object(value).idAttribute === 'string';
