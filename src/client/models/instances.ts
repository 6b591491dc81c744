import type { Attributes } from '../../protocol/attributes.ts';
import { type RecordId, type RecordKey, recordKey, SINGLETON, type Topic } from '../../protocol/ids.ts';
import type { RecordState, Value } from '../../protocol/tab-down.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import type { Failure } from '../calls/request.ts';
import { differing, snapshot } from './snapshot.ts';

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
  /** The last of this tab's writes that the hub has shown with it. */
  n: number;
  /** What `parse` made of `seen`. */
  parsed: Attributes;
  /** `toJSON()` when it last agreed with the hub: what differs is unsaved. null = everything is. */
  agreed: Attributes | null;
  /**
   * 'there': it was shown, or a create was handed over. 'gone': it was deleted, or its create refused: its next save is a
   * create. 'unmade': it came with its id, and what was to make it failed: its next save says all of it once more.
   */
  stage: 'new' | 'there' | 'gone' | 'unmade';
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
  /** With this tab's writes up to this number. */
  readonly n?: number;
  readonly state?: RecordState | undefined;
  /** The refused write that waits for a decision; known where `state` is. */
  readonly refused?: Value['refused'];
  /** It is what the server made of this instance's own write: no conflict with anybody. */
  readonly own?: boolean | undefined;
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
/** The record as it was shown, while it is there: what is gone and made anew has nothing of what it was. */
export function seenOf(model: Model | undefined): Attributes | null {
  const { stage, seen = null } = (model && instances.get(model)) ?? {};
  return stage === 'gone' ? null : seen;
}

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
    n: 0,
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

/** Whether the record is not there, as far as is known here. */
export const isAbsent = ({ stage }: Instance): boolean => stage === 'gone' || stage === 'unmade';

/** The record is no more: what its model still has would be created anew. */
export function forget(instance: Instance): void {
  instance.seen = instance.agreed = instance.was = null;
  instance.stage = 'gone';
}

/** The model now holds what the hub shows. */
export function agree(model: Model, instance: Instance, { attrs, version, n, state }: Shown): void {
  instance.seen = attrs;
  instance.version = version ?? instance.version;
  instance.n = n ?? instance.n;
  instance.state = state ?? instance.state;
  instance.stage = 'there';
  instance.era = era;
  instance.was = null;
  instance.parsed = bodyOf(model, model.attributes);
  instance.agreed = stock.has(model.toJSON) ? instance.parsed : jsonOf(model);
}

/**
 * What the model is now counts as agreed. The application's own `toJSON` is asked what that looks like when it matters:
 * Backbone calls it during a call and at no other time.
 */
export function agreeToThis(model: Model, instance: Instance): void {
  const then: Model = Object.create(model, { attributes: { value: { ...model.attributes } } });
  let json: Attributes | null | undefined = stock.has(model.toJSON) ? jsonOf(model) : undefined;
  Object.defineProperty(instance, 'agreed', {
    get: () => (json === undefined ? jsonOf(then) : json),
    set: (now) => {
      json = now;
    },
  });
}

/** What the model, or those of the collection, call their id. */
export const idNameOf = (target: Model | Collection): string =>
  ('idAttribute' in target ? target : target.model.prototype)?.idAttribute ?? 'id';
