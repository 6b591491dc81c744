import type { Note } from '../../../protocol/messages/note.ts';
import {
  type Backbone,
  type BackboneLike,
  backboneOf,
  type Collection,
  type Events,
  type Hash,
  type Model,
  type Sync,
} from '../../backbone.ts';
import { codedError } from '../../coded-error.ts';
import { createInstall } from '../../install.ts';
import type { Medulla } from '../../medulla.ts';
import type { Change } from '../../models/follower.ts';
import { backendOf, ownBackend } from './backend-of.ts';
import { type OwnMethodParts, ownMethod } from './own-method.ts';

export interface BackendOptions {
  /** What the names of the events begin with, before a colon: 'backend'. */
  readonly event?: string;
}

/** What `Backbone.io` is. */
export interface BackendSurface<M extends Medulla = Medulla> {
  /** The Medulla that is there, however often it is called. */
  connect(): M;
}

type Target = Model | Collection;
type Classes = { -readonly [C in 'Model' | 'Collection']: Backbone[C] } & { io?: unknown; IO?: unknown };

const KNOWN = /^(create|read|update|patch|delete)$/;
const CHANGES: readonly Change[] = ['create', 'update', 'delete'];

/** Which Medulla each Backbone's backends have. */
const surfaces = new WeakMap<object, BackendSurface & { readonly medulla: Medulla }>();

/** Lets models and collections of this Backbone have backends, over this Medulla. */
export function backendSurface<M extends Medulla>(
  given: BackboneLike,
  { event = 'backend' }: BackendOptions,
  parts: Omit<OwnMethodParts, 'medulla'> & { readonly medulla: M },
): BackendSurface<M> {
  const backbone = backboneOf(given);
  const { medulla } = parts;
  const known = surfaces.get(backbone);
  if (known && known.medulla !== medulla)
    throw codedError('bad-option', 'Backbone.io is connected already: call Backbone.io.connect()');
  if (known) return known as unknown as BackendSurface<M>;

  const sync: Sync = (method, target, options = {}) =>
    KNOWN.test(method) ? medulla.sync(method, target, options) : ownMethod(parts, method, target, options);
  createInstall(backbone, { sync, covers: (_method, target) => Boolean(backendOf(target)) }).install();

  /** Who hears of what is told by message. */
  const targets = new Set<WeakRef<Target>>();
  const tell = (target: Target, method: string, attrs: unknown) => {
    target.trigger(event, method, attrs);
    target.trigger(`${event}:${method}`, attrs);
  };
  /** Nothing here keeps the target: a fetch follows it for as long as it is in use, and no longer. */
  function eventsOf(target: Target) {
    const held = new WeakRef(target);
    const telling = (change: Change) => (model: unknown) => {
      const there = held.deref();
      if (there) tell(there, change, { ...(model as Model).attributes });
    };
    return Object.fromEntries(CHANGES.map((change) => [change, telling(change)]));
  }
  (medulla as Events).on('message', (type: string, content: Note['content']) => {
    const { topic, method, model } = Object(content) as Hash;
    for (const held of type === 'synced' ? targets : []) {
      const target = held.deref();
      if (!target) targets.delete(held);
      else if (backendOf(target) === topic) tell(target, String(method), model);
    }
  });

  for (const name of ['Model', 'Collection'] as const) {
    const { prototype } = backbone[name] as unknown as { prototype: Hash };
    /** A property that follows from the backend, unless a class or an instance has one of its own. */
    const derived = (property: string, get: (target: Target) => unknown) =>
      Object.defineProperty(prototype, property, {
        configurable: true,
        get(this: Target) {
          return get(this);
        },
        set(this: Target, value: unknown) {
          Object.defineProperty(this, property, {
            value,
            configurable: true,
            enumerable: true,
            writable: true,
          });
        },
      });
    derived(name === 'Model' ? 'urlRoot' : 'url', backendOf);
    derived('topic', backendOf);
    derived('follow', (target) => (ownBackend(target) ? { events: eventsOf(target) } : undefined));
    prototype.bindBackend = function (this: Target) {
      medulla.follow(this, { events: eventsOf(this) });
      return this;
    };
    const classes = backbone as Classes;
    const begun = (made: Target, [, options]: readonly unknown[]) => {
      const { backend } = Object(options) as Hash;
      if (backend) (made as unknown as Hash).backend = backend;
      if (ownBackend(made)) targets.add(new WeakRef(made));
    };
    classes[name] = taking(classes[name] as never, begun as never) as never;
  }

  const surface = { connect: () => medulla, medulla };
  surfaces.set(backbone, surface);
  return Object.assign(backbone, { io: surface, IO: surface }).io;
}

type Constructor = { apply(made: object, args: readonly unknown[]): void } & (new (
  ...args: readonly unknown[]
) => object);

/** The same class, for all that asks which it is; `begin` sees each instance before its constructor does. */
function taking<C extends Constructor>(
  original: C,
  begin: (made: object, args: readonly unknown[]) => void,
): C {
  return new Proxy(original, {
    apply(target, made: object, args) {
      begin(made, args);
      return Reflect.apply(target as never, made, args);
    },
    construct(target, args, maker) {
      const made = Object.create(maker.prototype) as object;
      begin(made, args);
      Reflect.apply(target as never, made, args);
      return made;
    },
  });
}
