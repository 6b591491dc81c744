import { equalJson } from '../../base/json.ts';
import { type RealId, renamed } from '../../protocol/aliases/renamed.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { RecordId } from '../../protocol/ids.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import { findModel } from '../models/find-model.ts';
import { idNameOf, instanceOf, unsaved, withId } from '../models/instances.ts';
import { snapshot } from '../models/snapshot.ts';

/** Which records belong: those that are equal by value in each attribute that it names, or of which it says so. */
export type Where<A extends object = Hash> = Partial<A> | ((attrs: A, record: RecordId) => unknown);

/** Which records of its topic a collection shows; all of them where it has neither. */
export interface View {
  readonly where?: Where | undefined;
  /** It shows what the server answered this with: which records these are, only the server knows. */
  readonly query?: Attributes | undefined;
}

interface Seen {
  readonly record: RecordId;
  readonly attrs: Attributes;
}

const views = new WeakMap<object, View>();

export const viewOf = (target: object): View => views.get(target) ?? {};

/** Whether all that is on its way is wanted of a query's topic: which of it belongs is decided here. */
export const pending = (target: object): true | undefined => {
  const { where, query } = viewOf(target);
  return where && query && true;
};

/** What somebody looks for who follows or fetches: what the call says, else what was looked for before, else what the class says. */
export function lookedFor(target: Model | Collection, { where, follow }: Hash): Where | null | undefined {
  const asked = (where === undefined ? Object(follow).where : where) as Where | null | undefined;
  return asked === undefined && !views.has(target) ? Object(target.follow).where : asked;
}

/** From now on the collection shows this. `where` undefined = as before, null = none. */
export function look(target: object, where: Where | null | undefined, query: View['query']): void {
  views.set(target, { where: where === undefined ? viewOf(target).where : (where ?? undefined), query });
}

/** Records that it names have their ids now. */
export function renameView(target: object, real: RealId): void {
  if (views.has(target)) views.set(target, renamed(viewOf(target), real));
}

/**
 * The record's attributes as a model of the collection would have them: its `parse`, over its defaults. No model is
 * made for that where it can be helped: most records of a large topic are never to come in, and `initialize` is for
 * those that do.
 */
function shapeOf(collection: Collection, { record, attrs }: Seen): Hash | undefined {
  const wire = withId(attrs, record, idNameOf(collection));
  const options = { remote: true, parse: true };
  const { prototype } = collection.model as { prototype?: Model & { defaults?: unknown } };
  if (!prototype?.parse) return (collection._prepareModel(wire, options) || undefined)?.attributes;
  const model: typeof prototype = Object.assign(Object.create(prototype), { attributes: {}, collection });
  const { defaults } = model;
  const given = typeof defaults === 'function' ? defaults.call(model) : defaults;
  return { ...given, ...(model.parse(wire, options) as Hash) };
}

/** Whether the record, as the hub shows it, belongs into the collection. Unsaved edits do not count. */
export function belongs(collection: Collection, seen: Seen): boolean {
  const { where } = viewOf(collection);
  const shape = where && shapeOf(collection, seen);
  if (!shape) return !where;
  if (typeof where === 'function') return Boolean(where(shape, seen.record));
  const [is, wanted] = [snapshot(shape), snapshot(where)];
  return Object.keys(wanted).every((name) => equalJson(is[name], wanted[name]));
}

/** True, or as good as true, where a model stays whatever its record has become: it is being edited, or its create, made here, is not confirmed. */
export function stays(collection: Collection, model: Model): unknown {
  const instance = instanceOf(model);
  return !instance || instance.born === collection || (instance.agreed && unsaved(model, instance).length);
}

/** The models go, and are not destroyed. They keep the collection by which they know their url: who holds one can save it. */
export function leave(collection: Collection, models: Model[], options: Hash): void {
  collection.remove(models, options);
  for (const model of models) model.collection ??= collection;
}

const OWN = { remote: true };

/** What the server has not chosen goes, unless it is held here. */
export function depart(collection: Collection, model: Model | undefined): void {
  if (model && !stays(collection, model)) leave(collection, [model], OWN);
}

/** A model whose record was written here comes or goes, as its record belongs now. */
export function place(target: Model | Collection, model: Model): void {
  const instance = instanceOf(model);
  if (!isCollection(target) || !instance?.seen || instance.record === undefined) return;
  const { topic, record, seen } = instance;
  const isIn = findModel(target, topic, record) === model;
  const isOf = belongs(target, { record, attrs: seen });
  if (isIn && !isOf) depart(target, model);
  if (!isIn && isOf) target.add(model, OWN);
}
