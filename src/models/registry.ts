import { MedullaError } from '../protocol/errors.ts';
import { type CollectionLike, isCollection, isModel, type ModelLike, type Writable } from './like.ts';

type Model = ModelLike & Writable;
type Target = Model | CollectionLike;
/** Any class; of a model, there is one instance for each id. */
type Class<T> = abstract new (...args: never[]) => T;

/** What there is of models and collections, by id. It keeps none of them alive. */
export interface Registry {
  /** A model goes by its id, as soon as it has one and as that changes, until its destroy; a collection by its `id`, or its url. */
  add(...targets: readonly object[]): Registry;
  remove(target: object): Registry;
  /** `of`: its class, where several have such ids. */
  get<T = Model>(id: string | number, of?: Class<T>): T | undefined;
  /**
   * The class with one instance for each id: `new` gives the one that is there, with the attributes set on it, and so do
   * collections of this class. Classes that extend it are not.
   */
  unique<C extends Class<object>>(of: C): C;
}

interface Made {
  readonly parse?: boolean;
  readonly remote?: boolean;
  readonly silent?: boolean;
  readonly xhr?: object;
  readonly collection?: object;
}

/** Whether Medulla brings the attributes by itself, and knows what of them was edited here. */
const isTold = ({ remote, xhr }: Made) => remote === true || (xhr !== undefined && 'source' in xhr);

export function createRegistry(): Registry {
  const entries = new Map<string, Set<WeakRef<Target>>>();
  const listening = new WeakMap<Target, () => void>();
  const ended = new FinalizationRegistry(({ key, ref }: { key: string; ref: WeakRef<Target> }) =>
    drop(key, ref),
  );

  function drop(key: string, ref: WeakRef<Target>): void {
    const refs = entries.get(key);
    if (refs?.delete(ref) && !refs.size) entries.delete(key);
  }

  function enter(target: Target): () => void {
    const key = keyOf(target);
    if (key === undefined) return () => undefined;
    const ref = new WeakRef(target);
    entries.set(key, (entries.get(key) ?? new Set()).add(ref));
    ended.register(target, { key, ref }, ref);
    return () => {
      ended.unregister(ref);
      drop(key, ref);
    };
  }

  function add(target: Target): void {
    remove(target);
    let leave = enter(target);
    if (isCollection(target)) {
      listening.set(target, leave);
      return;
    }
    const moved = (which: unknown) => {
      if (which !== target) return;
      leave();
      leave = enter(target);
    };
    const destroyed = (which: unknown) => which === target && remove(target);
    const name = `change:${target.idAttribute}`;
    target.on(name, moved);
    target.on('destroy', destroyed);
    listening.set(target, () => {
      leave();
      target.off(name, moved);
      target.off('destroy', destroyed);
    });
  }

  function remove(target: Target): void {
    listening.get(target)?.();
    listening.delete(target);
  }

  function* having(id: unknown): Generator<Target> {
    for (const ref of entries.get(String(id)) ?? []) {
      const target = ref.deref();
      // An id that was changed silently is found out here.
      if (target && keyOf(target) === String(id)) yield target;
    }
  }

  const registry: Registry = {
    add(...targets) {
      for (const target of targets) add(known(target));
      return registry;
    },
    remove(target) {
      remove(known(target));
      return registry;
    },
    get<T>(id: string | number, of?: Class<T>) {
      for (const target of having(id)) if (!of || target instanceof of) return target as T;
      return undefined;
    },
    unique(of) {
      const only: typeof of = new Proxy(of, {
        construct(plain, args, made) {
          if (made !== only) return Reflect.construct(plain, args, made);
          const [attrs, options = {}] = args as [object?, Made?];
          const { idAttribute = 'id' } = plain.prototype as Partial<ModelLike>;
          const id = attrs && (attrs as Record<string, unknown>)[idAttribute];
          const there = id !== undefined && id !== null ? registry.get(id as string, plain) : undefined;
          if (there) return joined(there as Model, attrs as object, options);
          const model: object = Reflect.construct(plain, args, made);
          add(known(model));
          return model;
        },
      });
      return only;
    },
  };
  return registry;
}

/** One more has been asked for of a model that is there. */
function joined(model: Model & { collection?: unknown }, attrs: object, options: Made) {
  model.collection ??= options.collection;
  if (isTold(options)) return model;
  const { parse, silent = false } = options;
  model.set(Object(parse ? model.parse(attrs, options) : attrs), { silent });
  return model;
}

function known(target: object): Target {
  if (isModel(target) || isCollection(target)) return target as Target;
  throw new MedullaError('bad-option', 'A registry takes Backbone models and collections');
}

function keyOf(target: Target): string | undefined {
  const { url } = target as CollectionLike;
  const path = isCollection(target) ? (typeof url === 'function' ? url.call(target) : url) : undefined;
  const id = target.id ?? path;
  return id === undefined || id === null ? undefined : String(id);
}
