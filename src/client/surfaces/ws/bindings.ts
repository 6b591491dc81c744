import type { Events, Hash } from '../../backbone.ts';
import type { Medulla } from '../../medulla.ts';
import type { Change, FollowOptions } from '../../models/follower.ts';

/** A model, a collection, or anything else that has Backbone's events. */
export interface Bindable extends Events {
  listenTo(other: unknown, name: string, fn: (...args: never[]) => unknown): unknown;
  stopListening(other?: unknown): unknown;
}

/** A function, the name of a method of the resource, of an event on it, or true for the event's own name. */
export type Handler = ((this: never, ...args: never[]) => unknown) | string | true;
/** By the names of events, prefix included; 'create', 'update' and 'delete' are those of `follow`. */
export type EventMap = Readonly<Record<string, Handler>>;

export interface BindingsParts {
  readonly medulla: Medulla;
  /** `follow` and `release` of Medulla's own. */
  readonly follow: (target: object, options: FollowOptions) => unknown;
  readonly release: (target: object) => unknown;
  readonly sendAttribute: string;
  readonly sync: boolean;
}

const CHANGES: ReadonlySet<string> = new Set<Change>(['create', 'update', 'delete']);

/** The resources that hear of the connection and its messages. */
export class Bindings {
  readonly #parts: BindingsParts;
  /** By each of them what ends its binding; and whether it hears of everything. */
  readonly #bound = new Map<Bindable, { readonly all: boolean; end(): void }>();

  constructor(parts: BindingsParts) {
    this.#parts = parts;
  }

  get resources(): object[] {
    return [...this.#bound.keys()];
  }

  bind(resource: Bindable, events: EventMap | undefined): void {
    const { medulla, follow, release, sendAttribute, sync } = this.#parts;
    this.unbind(resource);
    const ends = [
      lend(resource, sendAttribute, (content: unknown) => medulla.send(content)),
      ...(sync ? [lend(resource, 'sync', medulla.sync)] : []),
    ];
    const changes: Record<string, Handler> = {};
    for (const [name, handler] of Object.entries(events ?? {})) {
      if (CHANGES.has(name)) changes[name] = handler;
      else resource.listenTo(medulla, name, calling(resource, name, handler));
    }
    const gone = (model: unknown) => model === resource && this.unbind(resource);
    if ('attributes' in resource) resource.on('destroy', gone);
    const isFollowed = hasUrl(resource);
    if (isFollowed) follow(resource, { events: changes as FollowOptions['events'] & object });
    this.#bound.set(resource, {
      all: !events,
      end: () => {
        for (const end of ends) end();
        resource.off('destroy', gone);
        resource.stopListening(medulla);
        if (isFollowed) release(resource);
      },
    });
  }

  /** Whether it was bound. */
  unbind(resource: Bindable): boolean {
    this.#bound.get(resource)?.end();
    return this.#bound.delete(resource);
  }

  /** Those that did not say what they want to hear hear it all. */
  tell(event: string, args: readonly unknown[]): void {
    for (const [resource, { all }] of [...this.#bound]) if (all) resource.trigger(event, ...args);
  }
}

function calling(resource: Bindable, event: string, handler: Handler): (...args: never[]) => unknown {
  if (typeof handler === 'function') return handler as (...args: never[]) => unknown;
  const name = handler === true ? event : handler;
  return (...args: unknown[]) => {
    const method = (resource as unknown as Hash)[name];
    if (typeof method === 'function') method.apply(resource, args);
    else resource.trigger(name, ...args);
  };
}

/** Puts a property on the resource; the returned function gives back what was there. */
function lend(resource: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(resource, name);
  Object.defineProperty(resource, name, { value, configurable: true, writable: true, enumerable: false });
  return () => {
    if (before) Object.defineProperty(resource, name, before);
    else delete (resource as Hash)[name];
  };
}

/** Whether there is anything to follow: a model without a url only hears of messages. */
function hasUrl(resource: object): boolean {
  const { url, topic } = resource as Hash;
  const result = (value: unknown) => (typeof value === 'function' ? value.call(resource) : value);
  try {
    return Boolean(result(topic) ?? result(url));
  } catch {
    return false;
  }
}
