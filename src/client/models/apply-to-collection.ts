import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { recordKey } from '../../protocol/ids.ts';
import type { RecordState } from '../../protocol/tab-down.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import { findModel } from './find-model.ts';
import { type Change, type Follower, letsIn, tell } from './follower.ts';
import { agree, forget, type Instance, instanceFor, remote, unsaved, withId } from './instances.ts';

/** What a record is to look like in this tab; `attrs` null = it is not there. `state` undefined = nothing new is known. */
export interface Sight {
  readonly record: RecordId;
  readonly attrs: Attributes | null;
  readonly version?: number;
  readonly state?: RecordState;
}

export interface Applied {
  /** Told that the record of a model with edits is gone. */
  conflict(model: Model, instance: Instance): void;
  state(model: Model, instance: Instance): void;
}

const OPTIONS = { remote: true };

/** Brings the collection to what is seen: one `set`, at most one `remove`, and a sort where the order is off. */
export function applyToCollection(
  follower: Follower,
  collection: Collection,
  sights: Iterable<Sight>,
  { conflict, state }: Applied,
  extra: Hash = {},
) {
  const set: unknown[] = [];
  const removed: Model[] = [];
  const after: (() => void)[] = [];
  const told = (change: Change, model: Model) => after.push(() => tell(follower, change, model));
  for (const { record, attrs, version, state: now } of sights) {
    const model = findModel(collection, recordKey(record));
    const shown = attrs && { attrs, version, state: now };
    if (model && !shown) {
      const instance = instanceFor(model, follower.topic, record);
      // A create that was refused, and is not in the outbox to be discarded from it, is an unsaved model.
      if (!instance.created && instance.error && instance.state !== 'rejected') continue;
      const edited = instance.agreed !== null && unsaved(model, instance).length > 0;
      if (edited) after.push(() => conflict(model, instance));
      else if (letsIn(follower, 'delete')) {
        removed.push(model);
        told('delete', model);
      }
      if (!edited) forget(instance);
    } else if (model && shown) {
      const instance = instanceFor(model, follower.topic, record);
      const before = instance.state;
      if (now) instance.state = now;
      if (!equalJson(instance.seen, shown.attrs) && letsIn(follower, 'update')) {
        const { attrs: changes, finish } = remote(model, instance, shown);
        set.push({ ...model.attributes, ...changes });
        after.push(finish);
        told('update', model);
      } else instance.version = version ?? instance.version;
      if (before !== instance.state) after.push(() => state(model, instance));
    } else if (shown && letsIn(follower, 'create')) {
      const idAttribute = collection.model.prototype?.idAttribute ?? 'id';
      const fresh = collection._prepareModel(withId(shown.attrs, record, idAttribute), {
        ...OPTIONS,
        parse: true,
      });
      if (!fresh) continue;
      agree(fresh, instanceFor(fresh, follower.topic, record), shown);
      set.push(fresh);
      told('create', fresh);
    }
  }
  try {
    if (set.length) collection.set(set, { ...OPTIONS, ...extra, remove: false, sort: false });
    if (removed.length) collection.remove(removed, { ...OPTIONS });
  } finally {
    for (const act of after) act();
  }
  if (set.length && collection.comparator && !isSorted(collection)) collection.sort({ ...OPTIONS });
}

/** Whether the collection is in the order that its comparator asks for. */
function isSorted(collection: Collection): boolean {
  const { comparator, models } = collection;
  const by = (model: Model) =>
    typeof comparator === 'function'
      ? comparator.call(collection, model)
      : model.attributes[String(comparator)];
  const off = (a: Model, b: Model) => {
    if (typeof comparator === 'function' && comparator.length === 2)
      return comparator.call(collection, a, b) > 0;
    const [x, y] = [by(a), by(b)];
    return x !== y && (x > y || x === undefined);
  };
  return !models.some((model, i) => i > 0 && off(models[i - 1] ?? model, model));
}
