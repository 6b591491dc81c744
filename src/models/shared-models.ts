import { MedullaError } from '../protocol/errors.ts';

/** What a model gets beside Backbone's own. */
export interface SharedModel {
  /** Of a class: nothing is set here before the server has said so, unless a call says `{wait: false}`. */
  readonly authoritative?: boolean;
  /** Asks the server to set this, and sets what comes back; until then nothing changes here. */
  setServer(name: string, value: unknown, options?: object): unknown;
  setServer(attrs: object, options?: object): unknown;
  /** Asks the server to take the attribute off. */
  unsetServer(name: string, options?: object): unknown;
}

/** Any class: what a mixin adds to the instances of another. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript takes a class for a mixin only in this form.
type Mixin<T> = new (...args: any[]) => T;

export interface SharedModels<B extends Extendable> {
  readonly Model: B['Model'] & Mixin<SharedModel>;
  readonly Collection: B['Collection'] & Mixin<Pick<SharedModel, 'authoritative'>>;
}

interface Extendable {
  readonly Model: unknown;
  readonly Collection: unknown;
}
type Method = (this: Saved, ...args: unknown[]) => unknown;
interface Class {
  readonly prototype: { readonly save: Method; readonly destroy: Method; readonly create: Method };
  extend(properties: object): unknown;
}
interface Saved {
  readonly authoritative?: boolean;
  readonly collection?: { readonly authoritative?: boolean };
  readonly model?: { readonly prototype?: { readonly authoritative?: boolean } };
  readonly attributes?: object;
  save(attrs: object | null, options?: object): unknown;
}

const isAuthoritative = ({ authoritative, collection, model }: Saved) =>
  authoritative ?? collection?.authoritative ?? model?.prototype?.authoritative ?? false;

/** The call's options, with what the class says about waiting. */
const waiting = (target: Saved, options: unknown) =>
  isAuthoritative(target) ? { wait: true, ...Object(options) } : options;

/** `save` and its like take a name and a value as well as attributes. */
const named = (first: unknown, second: unknown, third: unknown): readonly [object | null, unknown] =>
  typeof first === 'string' ? [{ [first]: second }, third] : [(first ?? null) as object | null, second];

/**
 * Classes of this Backbone for models that are shared with the server: a class with `authoritative: true` sends what is
 * wanted, and sets what the server has made of it. Others set at once, and `setServer` asks for one change in that way.
 */
export function sharedModels<B extends Extendable>(given: B): SharedModels<B> {
  const backbone = (given as { readonly default?: B }).default ?? given;
  const { Model, Collection } = backbone as { readonly [name in keyof Extendable]: Class | undefined };
  if (!Model?.prototype.save || !Collection?.prototype.create)
    throw new MedullaError('bad-option', 'sharedModels takes Backbone');
  const { save, destroy } = Model.prototype;
  const { create } = Collection.prototype;
  const SharedModel = Model.extend({
    save(this: Saved, first: unknown, second: unknown, third: unknown) {
      const [attrs, options] = named(first, second, third);
      return save.call(this, attrs, waiting(this, options));
    },
    destroy(this: Saved, options: unknown) {
      return destroy.call(this, waiting(this, options));
    },
    setServer(this: Saved, first: unknown, second: unknown, third: unknown) {
      const [attrs, options] = named(first, second, third);
      // A patch: what else is edited here stays here.
      return this.save(attrs, { patch: true, ...Object(options), wait: true });
    },
    unsetServer(this: Saved, name: string, options: unknown) {
      return this.save({ [name]: undefined }, { ...Object(options), wait: true });
    },
  });
  const SharedCollection = Collection.extend({
    model: SharedModel,
    create(this: Saved, attrs: unknown, options: unknown) {
      return create.call(this, attrs, waiting(this, options));
    },
  });
  return { Model: SharedModel, Collection: SharedCollection } as SharedModels<B>;
}
