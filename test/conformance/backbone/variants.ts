import type Backbone from 'backbone';

type Copy = typeof Backbone;
type Hash = Record<string, unknown>;

/** A collection as applications have them. */
export interface Variant {
  readonly make: (backbone: Copy) => object;
  /** What the server calls the id. */
  readonly key?: string;
  /** Lists come in an object. */
  readonly envelope?: boolean;
}

export const VARIANTS: Readonly<Record<string, Variant>> = {
  'a plain collection': { make: () => ({}) },
  'a comparator': { make: () => ({ comparator: 'a0' }) },
  'defaults, and an id of its own name': {
    key: '_id',
    make: ({ Model }) => ({
      model: Model.extend({ idAttribute: '_id', defaults: { done: false, tags: ['new'] } }),
    }),
  },
  'parse and toJSON that make something else of it': {
    make: ({ Model }) => ({
      model: Model.extend({
        parse: ({ a0, ...rest }: Hash) => ({
          ...rest,
          first: a0 ?? null,
          sum: Number(rest.a1) + Number(rest.a2),
        }),
        toJSON(this: { attributes: Hash }) {
          const { first, sum, ...rest } = this.attributes;
          return 'first' in this.attributes ? { a0: first, ...rest } : rest;
        },
      }),
    }),
  },
  'a function that chooses the class': {
    make: ({ Model }) => {
      const [Even, Odd] = [Model.extend({ even: true }), Model.extend({ defaults: { odd: true } })];
      return {
        // Backbone calls it with `new`.
        // biome-ignore lint/complexity/useArrowFunction: an arrow is no constructor.
        model: function (attrs: Hash, options: object) {
          return Number(attrs.a1) % 2 ? new Odd(attrs, options) : new Even(attrs, options);
        },
      };
    },
  },
  'lists in an envelope': {
    envelope: true,
    make: () => ({ parse: ({ items }: { items: object[] }) => items }),
  },
};

export const collectionOf = (backbone: Copy, { make }: Variant): Backbone.Collection =>
  new (backbone.Collection.extend({ url: '/tasks', ...make(backbone) }))();
