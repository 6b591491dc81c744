import type { RecordId } from '../../protocol/ids.ts';

/** As much of Backbone's models and collections as is used to serve them: Backbone itself is the application's. */
export interface ServedModel {
  readonly id?: unknown;
  readonly idAttribute: string;
  readonly attributes: Record<string, unknown>;
  readonly collection?: unknown;
  set(attrs: object, options?: object): unknown;
  toJSON(options?: object): unknown;
  parse(response: unknown, options?: object): unknown;
  validate?(attrs: object, options?: object): unknown;
  previous(name: string): unknown;
  trigger(name: string, ...args: unknown[]): unknown;
}

export interface ServedCollection {
  readonly models: readonly ServedModel[];
  readonly model: { readonly prototype?: ServedModel };
  on(name: string, fn: (...args: never[]) => unknown): unknown;
  off(name: string, fn: (...args: never[]) => unknown): unknown;
  get(id: RecordId): ServedModel | undefined;
  set(models: readonly ServedModel[], options?: object): unknown;
  remove(models: readonly ServedModel[], options?: object): unknown;
  trigger(name: string, ...args: unknown[]): unknown;
  _prepareModel(attrs: object, options: object): ServedModel | false;
}
