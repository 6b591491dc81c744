import { uuid } from '../../base/uuid.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Core } from '../core.ts';
import { badOption, found } from '../options/check-options.ts';
import type { Resource, ResourceOptions } from '../resource/resource.ts';
import { Served } from './served.ts';
import type { ServedCollection } from './served-like.ts';
import { validBy } from './valid.ts';

/** A collection that is a resource. */
export interface Serving {
  readonly resource: Resource;
  /** Resolves when the collection has what the store has, and the store what the collection had besides. */
  readonly ready: Promise<void>;
  /** Resolves when all that was changed in the collection so far is in the store, or was taken back. */
  settled(): Promise<void>;
  /** The collection is not kept up to date any more; the resource stays. */
  stop(): void;
}

/** As much as can be told of a collection without knowing who types Backbone. */
export interface Servable {
  readonly models: readonly object[];
  readonly url?: unknown;
}

/** Milliseconds until what the store could not take is tried again. */
const AGAIN = 1_000;

export function serveCollection(core: Core, given: Servable, options: ResourceOptions): Serving {
  const collection = given as unknown as ServedCollection;
  const { url } = Object(given) as Servable;
  if (!Array.isArray(Object(given).models) || typeof collection.on !== 'function')
    throw badOption(`serve takes a Backbone collection: found ${found(given)}.`);
  const path: unknown = typeof url === 'function' ? url.call(given) : url;
  if (typeof path !== 'string' || path.includes(':'))
    throw badOption(`serve takes a collection with a url as '/tasks', of one topic: found ${found(path)}.`);
  const resource = core.resource(path, options);
  resource.use('create', 'update', 'patch', validBy(collection));
  const topic = resource.pattern as Topic;
  const { clock, random, log } = core.tools;
  const served = new Served({
    topic,
    collection,
    log,
    hear: (hearer) => core.hear(topic, hearer),
    snapshot: () => core.snapshot(topic),
    publish: (changes) => core.publish(topic, changes),
    newId: () => uuid(clock, random),
    pause: () => new Promise((resolve) => clock.after(AGAIN, resolve)),
  });
  return {
    resource,
    ready: served.ready,
    settled: () => served.settled(),
    stop: () => served.stop(),
  };
}
