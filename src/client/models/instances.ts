import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { type RecordId, type RecordKey, recordKey, SINGLETON, type Topic } from '../../protocol/ids.ts';
import type { RecordState, Value } from '../../protocol/tab-down.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import { type Failure, failureOf } from '../calls/request.ts';
import { contested, untold } from './contested.ts';
import { differing, snapshot, withNames } from './snapshot.ts';

/** What one model instance has seen of its record. Everything in it is JSON that nobody else holds. */
export interface Instance {
  /** That in which it last agreed with the hub. */
  era: number;
  topic: Topic;
  /** From its first create on, also while the model itself has no id. */
  record: RecordId | undefined;
  /** The record as it goes over the wire: what the hub showed last, and this instance's own writes on it. */
  seen: Attributes | null;
  /** 0 = it has seen none. */
  version: number;
  /** What `parse` made of `seen`. */
  parsed: Attributes;
  /** `toJSON()` when it last agreed with the hub: what differs is unsaved. null = everything is. */
  agreed: Attributes | null;
  /** 'there': it was shown, or a create was handed over. 'gone': it was deleted, or its create refused: its next save is a create. */
  stage: 'new' | 'there' | 'gone';
  state: RecordState;
  error: Failure | null;
  /** `parsed` as it was before others changed what is edited here; null = nobody has. */
  was: Attributes | null;
  /** The write that was refused last, while it is in the outbox. */
  refused: Omit<NonNullable<Value['refused']>, 'status'> | null;
  /** The collection that it was created through: it stays in it until the create is confirmed. */
  born?: Collection | undefined;
}

/** A record as the hub shows it. */
export interface Shown {
  readonly attrs: Attributes;
  readonly version?: number | undefined;
  readonly state?: RecordState | undefined;
  /** The refused write that waits for a decision; known where `state` is. */
  readonly refused?: Value['refused'];
  /** It is what the server made of this instance's own write: no conflict with anybody. */
  readonly own?: boolean | undefined;
}

/** What is to be set on a model, and what is to be done once it is. */
export interface Incoming {
  readonly attrs: Hash;
  finish(): void;
}

const instances = new WeakMap<Model, Instance>();

/** Counts changes of users, of any bridge in this page. */
let era = 0;
export const nextEra = () => ++era;
/** When the model last agreed with a hub, or began to. */
export const eraOf = (model: Model): number => instances.get(model)?.era ?? era;
/** Its record is not known any more: what it has is to be overwritten. */
export const disown = (model: Model) => instances.delete(model);

/** Those of the Backbones that are connected: what they give is the attributes, and need not be asked for it. */
export const stock = new WeakSet<Model['toJSON']>();

export const instanceOf = (model: Model): Instance | undefined => instances.get(model);
export const keyOf = ({ record }: Instance): RecordKey | undefined =>
  record === undefined ? undefined : recordKey(record);

/** The model's instance of this record; a new one where it has none, or was another record's. */
export function instanceFor(model: Model, topic: Topic, record: RecordId | undefined): Instance {
  const known = instances.get(model);
  if (
    known?.topic === topic &&
    (record === undefined || known.record === undefined || recordKey(record) === keyOf(known))
  ) {
    known.record ??= record;
    return known;
  }
  const instance: Instance = {
    era,
    topic,
    record,
    seen: null,
    version: 0,
    parsed: {},
    agreed: null,
    stage: 'new',
    state: 'clean',
    error: null,
    was: null,
    refused: null,
  };
  instances.set(model, instance);
  return instance;
}

/** The record as Backbone is to get it: under the model's own name for the id, nested values its own to change. */
export function withId(attrs: Attributes, record: RecordId | undefined, idAttribute: string): Hash {
  return record === undefined || record === SINGLETON
    ? snapshot(attrs)
    : { ...snapshot(attrs), [idAttribute]: record };
}

export const bodyOf = (model: Model, json: unknown, strict = false): Attributes =>
  snapshot(json, strict, model.idAttribute);

/** What the model looks like now. `strict`: it is to be saved. */
export const jsonOf = (model: Model, options?: Hash, strict = false): Attributes =>
  bodyOf(model, model.toJSON(options), strict);

/** The attributes that were changed here since model and hub agreed. */
export const unsaved = (model: Model, { agreed }: Instance): string[] =>
  differing(jsonOf(model), agreed ?? {});

/** Tells the application how the record stands. */
export const tellState = (model: Model, { state }: Pick<Instance, 'state'>) =>
  model.trigger('medulla:state', model, state);

/** The record is no more: what its model still has would be created anew. */
export function forget(instance: Instance): void {
  instance.seen = instance.agreed = instance.was = null;
  instance.stage = 'gone';
}

/** The model now holds what the hub shows. */
export function agree(model: Model, instance: Instance, { attrs, version, state }: Shown): void {
  instance.seen = attrs;
  instance.version = version ?? instance.version;
  instance.state = state ?? instance.state;
  instance.stage = 'there';
  instance.era = era;
  instance.was = null;
  instance.parsed = bodyOf(model, model.attributes);
  instance.agreed = stock.has(model.toJSON) ? instance.parsed : jsonOf(model);
}

/** What the model, or those of the collection, call their id. */
export const idNameOf = (target: Model | Collection): string =>
  ('idAttribute' in target ? target : target.model.prototype)?.idAttribute ?? 'id';

/** A new model of the collection that holds what the hub shows; false where it is invalid. */
export function adopted(
  collection: Collection,
  topic: Topic,
  shown: Shown & { readonly record: RecordId },
  options: Hash,
): Model | false {
  const model = collection._prepareModel(withId(shown.attrs, shown.record, idNameOf(collection)), {
    ...options,
    parse: true,
  });
  if (model) agree(model, instanceFor(model, topic, shown.record), shown);
  return model;
}

/**
 * Lets `parsed`, which `parse` made of what is shown, reach the model, but for the names in `kept`: these keep their
 * value, and are judged against the new one from now on. What the record no longer has is taken off, and so is what was
 * added here and never saved.
 */
export function incoming(
  model: Model,
  instance: Instance,
  shown: Shown,
  parsed: Hash,
  kept: readonly string[],
): Incoming {
  const before = { ...instance };
  const now = bodyOf(model, parsed);
  const agreed = before.agreed ?? {};
  const added = before.agreed ? Object.keys(jsonOf(model)).filter((name) => !(name in agreed)) : [];
  const gone = [...Object.keys(before.seen ?? {}), ...added].filter(
    (name) => !(name in shown.attrs || name in parsed || kept.includes(name)),
  );
  const attrs: Hash = { ...parsed };
  for (const name of gone) attrs[name] = undefined;
  for (const name of kept) attrs[name] = model.attributes[name];
  return {
    attrs,
    finish() {
      for (const name of [...gone, ...kept])
        if (model.attributes[name] === undefined) delete model.attributes[name];
      agree(model, instance, shown);
      const stays = kept.filter((name) => equalJson(now[name], before.parsed[name]));
      instance.parsed = now;
      instance.agreed = withNames(withNames(instance.agreed ?? {}, kept, now), stays, agreed);
      if (kept.length) compare(model, instance, before, shown.own);
    },
  };
}

/** Whether others have changed what is edited here. It is news where they have changed it now. */
function compare(model: Model, instance: Instance, before: Instance, own = false): void {
  const mine = bodyOf(model, model.attributes);
  const { parsed, was } = before;
  const open = was ? contested(was, mine, parsed) : [];
  const then = withNames(parsed, own ? differing(parsed, instance.parsed) : [], instance.parsed);
  const base = withNames(then, open, was ?? {});
  const names = contested(base, mine, instance.parsed);
  instance.was = names.length ? base : null;
  if (names.some((name) => !equalJson(instance.parsed[name], then[name]))) untold.add(model);
}

/** How the hub says that the record stands: what was refused is known here from now on. */
export function judged(model: Model, instance: Instance, { state, refused }: Omit<Shown, 'attrs'>): void {
  if (!state) return;
  const { refused: before } = instance;
  instance.refused = refused ?? null;
  if (!refused || 'offset' in refused.receipt || refused.mutation.id === before?.mutation.id) return;
  instance.error = failureOf(refused.receipt, refused.status);
  untold.add(model);
}

/** The record of a model with edits was deleted elsewhere. */
export function lose(model: Model, instance: Instance): void {
  instance.was ??= instance.parsed;
  instance.stage = 'gone';
  untold.add(model);
}

/** The same for a change from elsewhere: only what differs from the last parsed state, and no unsaved edit is touched. */
export function remote(model: Model, instance: Instance, shown: Shown): Incoming {
  const { parsed: before } = instance;
  // What the application made itself with an id, and nobody refused, counts as the record as it was.
  const kept = instance.agreed || instance.stage === 'gone' ? unsaved(model, instance) : [];
  const parsed = model.parse(withId(shown.attrs, instance.record, model.idAttribute), {
    remote: true,
  }) as Hash;
  const all = incoming(model, instance, shown, parsed, kept);
  const json = snapshot(parsed);
  const attrs = Object.entries(all.attrs).filter(
    ([name, value]) =>
      !kept.includes(name) &&
      name !== model.idAttribute &&
      (value === undefined || !equalJson(json[name], before[name])),
  );
  return { ...all, attrs: Object.fromEntries(attrs) };
}

/** Sets what comes from elsewhere on one model. */
export function applyTo(model: Model, instance: Instance, shown: Shown): void {
  const { attrs, finish } = remote(model, instance, shown);
  model.set(attrs, { remote: true });
  finish();
}
