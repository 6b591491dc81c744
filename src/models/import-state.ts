import { attributes } from '../protocol/attributes.ts';
import { MedullaError } from '../protocol/errors.ts';
import { isCollection, isModel, type ModelLike, type Writable } from './like.ts';
import type { Registry } from './registry.ts';
import type { CollectionState, ModelState } from './state.ts';

export interface ImportOptions {
  /** Without events. */
  readonly silent?: boolean;
  /** Everything that is made or met is registered there. */
  readonly registry?: Registry;
}

type Model = ModelLike & Writable & Record<string, unknown>;
interface Collection {
  readonly models: readonly Model[];
  id?: unknown;
  set(models: readonly Model[], options: object): unknown;
  _prepareModel(attrs: object, options: object): Model | false;
}
type Step = () => unknown;

/**
 * Makes the tree that was exported of a root that has the same parts, empty or not: attributes are set, models that
 * are there already are found again by their ids, those that the state does not have are taken out. Returns the root.
 * Throws 'bad-message' where the state is none of such a root; nothing is changed then.
 */
export function importState<T extends object>(
  root: T,
  state: ModelState | CollectionState,
  options: ImportOptions = {},
): T {
  sound(state, 'the state');
  for (const step of planned(root, state, options, 'the state')) step();
  return root;
}

function bad(problem: string): never {
  throw new MedullaError('bad-message', `Cannot import: ${problem}`);
}

/** No attribute has a name that would do something when it is set: that of a unique class is, as soon as it is made again. */
function sound(state: unknown, path: string): void {
  const { attributes: given, models, collections } = Object(state);
  if (Array.isArray(models)) {
    for (const [at, model] of models.entries()) sound(model, `${path}.models[${at}]`);
    return;
  }
  const problem = attributes.problem(given, `${path}.attributes`);
  if (problem) bad(problem);
  for (const [name, part] of Object.entries(Object(collections)))
    if (!Array.isArray(Object(part).models)) bad(`${path}.${name} is not of a collection`);
  for (const [name, part] of Object.entries({ ...models, ...collections })) sound(part, `${path}.${name}`);
}

/** All of it is looked at, and the models of collections are made, before anything of the tree is touched. */
function planned(target: unknown, state: unknown, options: ImportOptions, path: string): Step[] {
  const { registry } = options;
  const steps = isCollection(target)
    ? ofCollection(target as unknown as Collection, Object(state), options, path)
    : isModel(target)
      ? ofModel(target as Model, Object(state), options, path)
      : bad(`${path} has no model or collection here`);
  return registry ? [...steps, () => registry.add(target as object)] : steps;
}

function ofModel(
  model: Model,
  { id, attributes: given, models = {}, collections = {} }: ModelState,
  options: ImportOptions,
  path: string,
): Step[] {
  const { silent = false } = options;
  const parts = Object.entries({ ...models, ...collections });
  const fill = () => {
    const parsed = Object(
      model.parse({ ...((id ?? null) !== null && { [model.idAttribute]: id }), ...given }, {}),
    );
    const gone = Object.keys(model.attributes).filter((name) => !(name in parsed));
    const nothing = Object.fromEntries(gone.map((name) => [name, undefined]));
    if (gone.length) model.set(nothing, { silent, unset: true });
    model.set(parsed, { silent });
  };
  const below = parts.flatMap(([name, part]) =>
    planned(Object.hasOwn(model, name) && model[name], part, options, `${path}.${name}`),
  );
  return [fill, ...below];
}

/** Its models have all of their own before the collection, and who listens to it, hears of them. */
function ofCollection(
  collection: Collection,
  { id, models }: CollectionState,
  options: ImportOptions,
  path: string,
): Step[] {
  if (!Array.isArray(models)) bad(`${path} is not of a collection`);
  const { silent = false } = options;
  const known = new Map(collection.models.map((model) => [String(model.id), model]));
  const all: Model[] = [];
  const steps = (models as readonly ModelState[]).flatMap((one, at) => {
    const there = known.get(String(one.id ?? ''));
    const model = there ?? collection._prepareModel(one.attributes, { silent, parse: true });
    if (!model) bad(`${path}.models[${at}] is not valid here`);
    all.push(model);
    return planned(model, one, options, `${path}.models[${at}]`);
  });
  const set = () => {
    if ((id ?? null) !== null) collection.id = id;
    collection.set(all, { silent });
  };
  return [...steps, set];
}
