import { decoded } from '../../base/decoded.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { type RecordId, SINGLETON, type Topic } from '../../protocol/ids.ts';
import type { Collection, Model, SyncOptions } from '../backbone.ts';
import { snapshot } from '../models/snapshot.ts';

/** Where a call goes. `record` is undefined for a whole topic, and for a model that has no id yet. */
export interface Address {
  readonly topic: Topic;
  readonly record: RecordId | undefined;
  readonly query: Attributes | undefined;
  /** The url's path, which routes are matched against. */
  readonly path: string;
  /** What the call says beside Backbone's own options. */
  readonly said?: Attributes | undefined;
  /** Whether the url is this page's own: another origin's is not ours to answer. */
  readonly ours: boolean;
}

export const isCollection = (target: Model | Collection): target is Collection => 'models' in target;
export const modelsOf = (target: Model | Collection): Model[] =>
  isCollection(target) ? target.models : [target];

const result = (target: object, value: unknown): unknown =>
  typeof value === 'function' ? value.call(target) : value;

/** Backbone's own words, where it has none of its own to say them: a collection's url is not checked by it. */
function noUrl(): never {
  throw new Error('A "url" property or function must be specified');
}

const segments = (path: string) => path.replace(/\/+$/, '');

/** A path that stands for itself: nothing in it would have to be resolved, decoded or cut off. */
const PLAIN = /^(\/\w[\w.~-]*)+$/;

/**
 * Reads the url now, as stock sync does. The last segment is the record where it is the model's id, however it is
 * encoded; a model without an id belongs to the topic of its collection or `urlRoot`; any other is a topic of its own.
 */
export function addressOf(target: Model | Collection, options: SyncOptions, page: string): Address {
  let path = String(result(target, options.url ?? target.url) || noUrl());
  let ours = true;
  let query: Attributes | undefined;
  if (!PLAIN.test(path)) {
    const url = new URL(path, page);
    ours = url.origin === new URL(page).origin;
    path = segments(url.pathname);
    query = queryOf(url.searchParams);
  }
  const own = result(target, target.topic);
  const address = (topic: unknown, record: RecordId | undefined): Address => {
    return { topic: (String(topic) || '/') as Topic, record, query, path, ours };
  };
  if (isCollection(target)) return address(own ?? path, undefined);
  // With `wait` Backbone has a new id among the attributes only, for the time of the call.
  const { [target.idAttribute]: id = target.id } = target.attributes;
  const named = (id ?? undefined) as RecordId | undefined;
  if (own !== undefined) return address(own, named);
  const cut = path.lastIndexOf('/');
  if (named !== undefined && decoded(path.slice(cut + 1)) === String(named))
    return address(path.slice(0, cut), named);
  const shared = named === undefined && (result(target, target.urlRoot) || target.collection);
  return address(path, shared ? undefined : SINGLETON);
}

function queryOf(params: URLSearchParams): Attributes | undefined {
  const query = Object.fromEntries(params);
  return Object.keys(query).length ? query : undefined;
}

/** The query of a read: the url's, and `options.data` as an object or a text. */
export function readQuery({ query }: Address, data: unknown): Attributes | undefined {
  if (!data) return query;
  return {
    ...query,
    ...(typeof data === 'string' ? Object.fromEntries(new URLSearchParams(data)) : snapshot(data, true)),
  };
}
