import { codedError } from './coded-error.ts';

/**
 * As much of Backbone as is used, of any version from 1.1.2 on. Written down here because Backbone is handed in, never
 * imported: the types go with `@types/backbone`, and need no types package.
 */
export interface Events {
  on(name: string, fn: (...args: never[]) => unknown, context?: unknown): unknown;
  once(name: string, fn: (...args: never[]) => unknown, context?: unknown): unknown;
  off(name?: string | null, fn?: ((...args: never[]) => unknown) | null, context?: unknown): unknown;
  trigger(name: string, ...args: unknown[]): unknown;
}

export type Hash = Record<string, unknown>;

/** The options that Backbone hands to `sync`: the caller's, with Backbone's own closures in `success` and `error`. */
export interface SyncOptions extends Hash {
  success?: (response: unknown, textStatus: string, request: unknown) => unknown;
  error?: (request: unknown, textStatus: string, error: unknown) => unknown;
  complete?: (request: unknown, textStatus: string) => unknown;
  timeout?: number;
  beforeSend?: (request: unknown, options: SyncOptions) => unknown;
}

interface Syncable extends Events {
  url?: unknown;
  topic?: unknown;
  follow?: unknown;
  ids?: unknown;
  medulla?: unknown;
  ctx?: unknown;
}

export interface Model extends Syncable {
  readonly cid: string;
  readonly id: unknown;
  readonly idAttribute: string;
  readonly attributes: Hash;
  collection?: Collection | undefined;
  urlRoot?: unknown;
  set(attrs: object, options?: Hash): unknown;
  toJSON(options?: Hash): unknown;
  parse(response: unknown, options?: Hash): unknown;
  isNew(): boolean;
  save(attrs: Hash | null, options?: Hash): unknown;
  destroy(options?: Hash): unknown;
}

export interface Collection extends Syncable {
  readonly models: Model[];
  readonly length: number;
  readonly model: { readonly prototype?: { readonly idAttribute?: string } };
  readonly comparator?: unknown;
  /** Its models by id and by cid, in every version. */
  readonly _byId: Record<string, Model>;
  get(cid: string): Model | undefined;
  set(models: unknown, options?: Hash): unknown;
  add(model: Model, options?: Hash): unknown;
  remove(models: Model[], options?: Hash): unknown;
  sort(options?: Hash): unknown;
  /** Backbone's own maker of models, there in every version. */
  _prepareModel(attrs: Hash, options: Hash): Model | false;
}

export type Sync = (method: string, model: Model | Collection, options?: SyncOptions) => unknown;

type Class<T> = (new (attributes?: unknown, options?: unknown) => T) & { extend(properties: Hash): Class<T> };

export interface Backbone {
  sync: Sync;
  ajaxSync?: Sync;
  readonly Events: Events;
  readonly Model: Class<Model> & { readonly prototype: Model };
  readonly Collection: Class<Collection> & { readonly prototype: Collection };
}

/** Throws where the target is not of this very Backbone; `act` is what was to be done with it. */
export function assertOwn(
  { Model, Collection }: Backbone,
  target: object,
  act: string,
): asserts target is Model | Collection {
  if (!(target instanceof Model || target instanceof Collection))
    throw codedError('bad-option', `Cannot ${act} this: it is of another copy of Backbone, or of none`);
}

/** What a caller may hand in as Backbone: the types of its own package, or of `@types/backbone`. */
export interface BackboneLike {
  readonly Model: unknown;
  readonly Collection: unknown;
  readonly Events: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: every typing of Backbone has another signature here.
  sync: (...args: any[]) => unknown;
}

/** Backbone itself, of its default export or its namespace; throws on anything else. */
export function backboneOf(given: unknown): Backbone {
  const one = given as Partial<Backbone> & { readonly default?: Partial<Backbone> };
  const backbone = one?.default ?? one;
  if (backbone?.Model && backbone.Collection && backbone.Events && backbone.sync) return backbone as Backbone;
  throw codedError('bad-option', `Cannot connect this as Backbone: current value is ${typeof given}`);
}
