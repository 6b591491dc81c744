import type { Attributes } from '../../protocol/attributes.ts';
import { afterEntry, type Entry, type Row } from '../../protocol/change.ts';
import { type RecordId, type RecordKey, recordKey } from '../../protocol/ids.ts';
import type { Publication } from '../resource/resource.ts';
import { difference } from '../resource/validate.ts';
import { layOn, modelOf, parsedBy, REMOTE, recordOf } from './lay.ts';
import type { ServedCollection, ServedModel } from './served-like.ts';

/** A record of the store; `agreed`: what the model looked like with nothing to tell. */
interface Known {
  readonly record: RecordId;
  readonly version: number;
  readonly attrs: Attributes;
  readonly agreed: Attributes;
}

/** What a collection and the store know of one another, record by record. It neither listens nor tells. */
export class Mirror {
  readonly #collection: ServedCollection;
  readonly #known = new Map<RecordKey, Known>();

  constructor(collection: ServedCollection) {
    this.#collection = collection;
  }

  /** The records that the store has. */
  keys(): Iterable<RecordKey> {
    return this.#known.keys();
  }

  /** All that the store has: its word goes before what the collection brought along. */
  begin(rows: readonly Row[]): void {
    const fresh: ServedModel[] = [];
    for (const [record, version, attrs] of rows) {
      const key = recordKey(record);
      const there = this.modelOf(key);
      if (there) layOn(there, parsedBy(there, record, attrs), attrs, recordOf(there), []);
      const model = there ?? modelOf(this.#collection, record, attrs);
      if (!model) continue;
      this.#known.set(key, { record, version, attrs, agreed: recordOf(model) });
      if (!there) fresh.push(model);
    }
    if (fresh.length) this.#collection.set(fresh, { ...REMOTE, remove: false });
  }

  /** The store is what it was at another time: whatever it says next is newer than what is known. */
  restored(): void {
    for (const [key, known] of this.#known) this.#known.set(key, { ...known, version: -1 });
  }

  /** A change of the store's. What was changed here meanwhile stays, and is still to be told. */
  apply(entry: Entry): void {
    const [record, version] = entry;
    const key = recordKey(record);
    const known = this.#known.get(key);
    if (known && known.version >= version) return;
    const attrs = afterEntry(known?.attrs ?? null, entry);
    const model = this.modelOf(key);
    if (!attrs) {
      this.#known.delete(key);
      if (model) this.#collection.remove([model], REMOTE);
    } else if (!model) {
      // One that was taken out here stays out: that is still to be told.
      if (known) this.#known.set(key, { ...known, version, attrs });
      else this.#add(record, version, attrs);
    } else {
      const parsed = parsedBy(model, record, attrs);
      const before = known?.attrs ?? {};
      const { set, unset } = difference(before, attrs, {});
      const agreed: Record<string, Attributes[string]> = { ...known?.agreed, ...set };
      for (const name of unset) delete agreed[name];
      const mine = difference(known?.agreed ?? {}, recordOf(model), {});
      this.#known.set(key, { record, version, attrs, agreed });
      layOn(model, parsed, attrs, before, [...Object.keys(mine.set), ...mine.unset]);
    }
  }

  /** What the store is to be told of the record; throws where the model is none. */
  wanted(key: RecordKey): Publication | undefined {
    const known = this.#known.get(key);
    const model = this.modelOf(key);
    if (!model) return known && { record: known.record, deleted: true };
    const now = recordOf(model);
    if (!known) return { record: model.id as RecordId, set: now };
    const { set, unset } = difference(known.agreed, now, {});
    return Object.keys(set).length + unset.length
      ? { record: known.record, set, unset, existing: true }
      : undefined;
  }

  /** The store does not take what is wanted of the record: it is as it was. Returns the model that was changed. */
  takeBack(key: RecordKey): ServedModel | undefined {
    const known = this.#known.get(key);
    const model = this.modelOf(key);
    if (known && model) {
      this.#known.set(key, { ...known, agreed: known.attrs });
      layOn(
        model,
        parsedBy(model, known.record, known.attrs),
        known.attrs,
        { ...model.attributes } as Attributes,
        [],
      );
    } else if (known) this.#add(known.record, known.version, known.attrs);
    else if (model) this.#collection.remove([model], REMOTE);
    return model;
  }

  #add(record: RecordId, version: number, attrs: Attributes): void {
    const model = modelOf(this.#collection, record, attrs);
    if (!model) return;
    this.#known.set(recordKey(record), { record, version, attrs, agreed: recordOf(model) });
    this.#collection.set([model], { ...REMOTE, remove: false });
  }

  modelOf(key: RecordKey): ServedModel | undefined {
    const isIt = (model: ServedModel | undefined) => model && recordKey(model.id as RecordId) === key;
    const likely = this.#collection.get(key);
    // What it finds by a client id, or by a `modelId` of its own, is another.
    return isIt(likely) ? likely : this.#collection.models.find(isIt);
  }
}
