import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import { type RecordId, SINGLETON } from '../../protocol/ids.ts';
import type { Value } from '../../protocol/tab-down.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import type { Each } from '../each.ts';
import { belongs, leave, stays, viewOf } from '../views/view.ts';
import { areInOrder } from './are-in-order.ts';
import { findModel, indexed } from './find-model.ts';
import { type Change, type Follower, tell } from './follower.ts';
import { adopted, judged, lose, remote } from './incoming.ts';
import {
  forget,
  type Instance,
  instanceFor,
  isAbsent,
  jsonOf,
  type Shown,
  tellState,
  unsaved,
} from './instances.ts';
import { alike, withNames } from './snapshot.ts';

/** What a record is to look like in this tab; `attrs` null = it is not there. Without `state`: nothing new is known of it. */
export interface Sight extends Omit<Shown, 'attrs' | 'own'> {
  readonly record: RecordId;
  readonly attrs: Attributes | null;
  /** Not all that has been shown before is known to whoever says this: only these names are. */
  readonly only?: Value['only'];
}

/** Who is shown something, and how: see {@link applySights}. */
export type Shower = Pick<Follower, 'topic' | 'options'> & { readonly chosen?: boolean };

/** One that is there. */
export type Present = Sight & { readonly attrs: Attributes };

export const sightOf = ([record, version, attrs]: Row): Present => ({ record, version, attrs });

const run = (act: () => void) => act();

/** Whether a write of the record is on its way from here. */
type IsUnderway = (instance: Instance) => boolean;

/**
 * Of what a hub shows that is not caught up, as much as is new to a model that has been shown more. And no edit that is
 * on its way as well, by another write than this tab's: that may be refused, and until it is applied this one stays an edit.
 */
function certain(model: Model, instance: Instance, sight: Sight, isUnderway: IsUnderway): Sight {
  const { seen, version: known } = instance;
  const { attrs, only, state = instance.state, version = 0 } = sight;
  if (!seen) return sight;
  if (only && version < known) return { ...sight, attrs: withNames(seen, only, attrs ?? {}), version: known };
  if (!attrs || state !== 'pending' || isUnderway(instance)) return sight;
  const same = alike(unsaved(model, instance), jsonOf(model), attrs);
  return { ...sight, attrs: withNames(attrs, same, seen) };
}

/**
 * Brings a model or a collection to what is seen. A collection: by one `set`, at most one `remove`, and a sort where
 * the order is off. A model without a collection that is followed hears of its record's end as of one made here.
 * What does not belong into its view does not come in, or goes. `chosen`: all are what the server chose for it.
 */
export function applySights(
  { topic, options: { only, events }, chosen = false }: Shower,
  target: Model | Collection,
  sights: Iterable<Sight>,
  each: Each,
  isUnderway: IsUnderway,
  extra: Hash = {},
) {
  const options = { remote: true, ...extra };
  const collection = isCollection(target) ? target : undefined;
  const set: unknown[] = [];
  const alone: (() => void)[] = [];
  const touched: Model[] = [];
  const removed: Model[] = [];
  const outside: Model[] = [];
  const view = viewOf(target);
  const after: (() => void)[] = [];
  /** What makes a model whole again, before anybody hears of it. */
  const finishes: (() => void)[] = [];
  const lets = (change: Change, model?: Model) => {
    if (only && !only.includes(change)) return false;
    if (model) after.push(() => tell(target, events?.[change], change, model, options));
    return true;
  };

  each(sights, (given) => {
    const { record, state: now } = given;
    const model = findModel(target, topic, record);
    const instance = model && instanceFor(model, topic, record);
    const sight = instance ? certain(model, instance, given, isUnderway) : given;
    const { attrs, version } = sight;
    const isOf = !attrs || !collection || belongs(collection, sight as Present);
    if (!instance) {
      const mayCome = isOf && (view.where || !view.query || chosen);
      const fresh =
        attrs &&
        collection &&
        mayCome &&
        lets('create') &&
        adopted(collection, topic, sight as Present, options);
      if (fresh && lets('create', fresh)) {
        judged(fresh, instanceFor(fresh, topic, record), sight);
        set.push(fresh);
        touched.push(fresh);
        after.push(() => indexed(collection, fresh));
      }
      return;
    }
    const { state: before, seen } = instance;
    instance.state = now ?? before;
    judged(model, instance, sight);
    if (now === 'clean') {
      instance.born = undefined;
      // What was refused has been retried, replaced or given up, here or in another tab.
      if (before !== now) instance.error = null;
    }
    if (!isOf) outside.push(model);
    const isGone = isAbsent(instance);
    // Its create had failed, and was applied all the same: what was shown before the answer had not been agreed on.
    const isBack =
      !instance.agreed && isGone && (instance.state === 'clean' || (instance.state === 'pending' && version));
    if (!attrs) {
      // What is here only, since its create was refused or its record deleted, is there until somebody decides.
      if (isGone && (before !== 'rejected' || instance.state === 'rejected')) return;
      if (instance.agreed && unsaved(model, instance).length) lose(model, instance);
      else {
        forget(instance);
        if (lets('delete', model)) removed.push(model);
      }
    } else if ((isBack || !equalJson(seen, attrs)) && lets('update')) {
      if (isBack) instance.parsed = {};
      const { attrs: changes, finish } = remote(model, instance, sight as Present);
      // The answer that would have brought its id says that it failed.
      if (isBack && record !== SINGLETON) changes[model.idAttribute] = record;
      finishes.push(finish);
      lets('update', model);
      touched.push(model);
      // Backbone finds none in the collection that has no id yet.
      if (!collection || model.isNew()) alone.push(() => model.set(changes, options));
      else set.push({ ...model.attributes, ...changes });
    } else {
      instance.version = version ?? instance.version;
      instance.n = sight.n ?? instance.n;
      if (instance.agreed) instance.stage = 'there';
    }
    if (before !== instance.state) after.push(() => tellState(model, instance));
  });

  each(alone, run);
  if (collection) {
    if (set.length) collection.set(set, { ...options, remove: false, sort: false });
    if (removed.length) collection.remove(removed, options);
  } else {
    for (const model of removed) model.trigger('destroy', model, model.collection, options);
  }
  each([...finishes, ...after.splice(0)], run);
  // What was edited may have become what the record is.
  if (collection)
    leave(
      collection,
      outside.filter((model) => !stays(collection, model) && lets('delete', model)),
      options,
    );
  each(after, run);
  if (collection?.comparator && !areInOrder(collection, touched)) collection.sort(options);
}
