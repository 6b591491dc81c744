import { equalJson } from '../../base/json.ts';
import { type Attributes, attributes } from '../../protocol/attributes.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { RecordId } from '../../protocol/ids.ts';
import type { ServedCollection, ServedModel } from './served-like.ts';

/** What comes from the store says so to whoever listens, as on a page. */
export const REMOTE = { remote: true };

/** The record as `parse` is to get it, its own to change. */
const wireOf = (attrs: Attributes, record: RecordId, idAttribute: string): object =>
  structuredClone({ ...attrs, [idAttribute]: record });

/** What the model looks like as a record; throws where that is none. */
export function recordOf(model: ServedModel): Attributes {
  let json: unknown;
  try {
    json = JSON.parse(JSON.stringify(model.toJSON()) ?? 'null');
  } catch (cause) {
    throw new MedullaError('bad-attribute', `A served model is no JSON: ${String(cause)}`, { cause });
  }
  const problem = attributes.problem(json, 'a served model');
  if (problem) throw new MedullaError('bad-attribute', problem);
  const { [model.idAttribute]: _id, ...attrs } = json as Attributes;
  return attrs;
}

/** A new model of the collection; false where it is none of its. */
export function modelOf(
  collection: ServedCollection,
  record: RecordId,
  attrs: Attributes,
): ServedModel | false {
  const idAttribute = collection.model.prototype?.idAttribute ?? 'id';
  return collection._prepareModel(wireOf(attrs, record, idAttribute), { parse: true });
}

/** What the model's own `parse` makes of the record. */
export const parsedBy = (model: ServedModel, record: RecordId, attrs: Attributes): Record<string, unknown> =>
  Object(model.parse(wireOf(attrs, record, model.idAttribute), REMOTE));

/** Makes the model what was parsed of the record, but for the names in `kept`. `before`: what it is now. */
export function layOn(
  model: ServedModel,
  parsed: Readonly<Record<string, unknown>>,
  attrs: Attributes,
  before: Attributes,
  kept: readonly string[],
): void {
  const mayGo = Object.keys(before).filter((name) => !kept.includes(name));
  const gone = mayGo.filter((name) => !(name in attrs || name in parsed) && name in model.attributes);
  // What `parse` makes anew each time, as a Date, is no change where the record has none.
  const same = (name: string) => name in before && equalJson(before[name], attrs[name]);
  const set = Object.entries(parsed).filter(([name]) => !(kept.includes(name) || same(name)));
  try {
    if (gone.length) put(model, Object.fromEntries(gone.map((name) => [name, undefined])), { unset: true });
  } finally {
    put(model, Object.fromEntries(set), {});
  }
}

/** Where a listener throws, Backbone takes the model for one that is still being changed, and would tell of no change any more. */
function put(model: ServedModel, attrs: object, options: object): void {
  try {
    model.set(attrs, { ...REMOTE, ...options });
  } catch (error) {
    Object.assign(model, { _changing: false, _pending: false });
    throw error;
  }
}
