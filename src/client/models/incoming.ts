import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { RecordId, Topic } from '../../protocol/ids.ts';
import type { Collection, Hash, Model } from '../backbone.ts';
import { failureOf } from '../calls/request.ts';
import { contested, untold } from './contested.ts';
import {
  agree,
  bodyOf,
  type Instance,
  idNameOf,
  instanceFor,
  isAbsent,
  jsonOf,
  type Shown,
  unsaved,
  withId,
} from './instances.ts';
import { alike, differing, withNames } from './snapshot.ts';

/** What is to be set on a model, and what is to be done once it is. */
export interface Incoming {
  readonly attrs: Hash;
  /** What `parse` made of it, as JSON without the id. */
  readonly parsed: Attributes;
  finish(): void;
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
  const added =
    before.agreed || before.stage !== 'new'
      ? Object.keys(jsonOf(model)).filter((name) => !(name in agreed))
      : [];
  const gone = [...Object.keys(before.seen ?? {}), ...added].filter(
    (name) => !(name in shown.attrs || name in parsed || kept.includes(name)),
  );
  const attrs: Hash = { ...parsed };
  for (const name of gone) attrs[name] = undefined;
  for (const name of kept) attrs[name] = model.attributes[name];
  return {
    attrs,
    parsed: now,
    finish() {
      for (const name of [...gone, ...kept])
        if (model.attributes[name] === undefined) delete model.attributes[name];
      agree(model, instance, shown);
      instance.parsed = now;
      if (!kept.length) return;
      const stays = alike(kept, now, before.parsed);
      instance.agreed = withNames(withNames(instance.agreed ?? {}, kept, now), stays, agreed);
      compare(model, instance, before, shown.own);
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
  const kept = instance.agreed || isAbsent(instance) ? unsaved(model, instance) : [];
  const parsed = model.parse(withId(shown.attrs, instance.record, model.idAttribute), {
    remote: true,
  }) as Hash;
  const all = incoming(model, instance, shown, parsed, kept);
  const attrs = Object.entries(all.attrs).filter(
    ([name, value]) =>
      !kept.includes(name) &&
      name !== model.idAttribute &&
      (value === undefined || !equalJson(all.parsed[name], before[name])),
  );
  return { ...all, attrs: Object.fromEntries(attrs) };
}

/** Sets what comes from elsewhere on one model. */
export function applyTo(model: Model, instance: Instance, shown: Shown): void {
  const { attrs, finish } = remote(model, instance, shown);
  model.set(attrs, { remote: true });
  finish();
}

type Found = Shown & { readonly record: RecordId };

/** What came of what is shown holds it; one that was there before, and may have been edited, takes it as a change. */
export function take(model: Model, topic: Topic, shown: Found): void {
  const instance = instanceFor(model, topic, shown.record);
  if (instance.seen) applyTo(model, instance, shown);
  else agree(model, instance, shown);
}

/** A model of the collection that holds what the hub shows; false where it is invalid. */
export function adopted(collection: Collection, topic: Topic, shown: Found, options: Hash): Model | false {
  const model = collection._prepareModel(withId(shown.attrs, shown.record, idNameOf(collection)), {
    ...options,
    parse: true,
  });
  if (model) take(model, topic, shown);
  return model;
}
