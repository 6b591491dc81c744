import type Backbone from 'backbone';
import type { Dice } from '../../support/dice.ts';
import type { SimTab } from './sim-tab.ts';
import type { Heard } from './typing.ts';

type Model = Backbone.Model;
type Hash = Record<string, unknown>;

/** Ids that all tabs know: what they fight over. */
const SHARED = ['k1', 'k2', 'k3'];
const CACHES = ['network', 'first', 'only', 'reload'];

/** One random thing that a user or the application of this tab does. */
export function work(tab: SimTab, dice: Dice): 'write' | 'read' {
  const collection = dice.pick(tab.collections);
  if (dice.chance(0.12)) {
    fetch(tab, collection, dice);
    return 'read';
  }
  writeOne(tab, collection, dice);
  return 'write';
}

function writeOne(tab: SimTab, collection: Backbone.Collection, dice: Dice): void {
  const models = collection.models as Model[];
  if (models.length === 0 || dice.chance(models.length < 8 ? 0.35 : 0.08)) createOne(tab, collection, dice);
  else if (dice.chance(0.15)) destroy(tab, dice.pick(models), dice);
  else save(tab, dice.pick(models), dice);
}

/** The same among the shares. */
export function share(tab: SimTab, dice: Dice): void {
  if (tab.shares) writeOne(tab, tab.shares, dice);
}

/** The page is told that it may see shares again, or that it may not. */
export function fetchShares(tab: SimTab): void {
  const { shares } = tab;
  if (!shares) return;
  tab.typing.fetched(shares.models);
  tab.ask('fetches the shares again', (callbacks) => shares.fetch({ ...callbacks } as never));
}

/** Several writes that belong together; returns how many. */
export function batch(tab: SimTab, dice: Dice): number {
  const size = dice.int(2, 4);
  tab.tell(`begins a batch of ${size}`);
  try {
    tab.medulla.batch(() => {
      for (let n = 0; n < size; n++) writeOne(tab, dice.pick(tab.collections), dice);
    }, options(dice));
  } catch (error) {
    // What the server is to name with this very batch cannot be named in it.
    if ((error as { code?: string }).code !== 'bad-option') throw error;
    tab.tell('is told that it cannot be');
  }
  return size;
}

/** The user types into a record, and saves it some time later, or never. */
export function type(tab: SimTab, dice: Dice): void {
  const models = dice.pick(tab.collections).models.filter((model) => !model.isNew()) as Model[];
  if (models.length === 0) return;
  const model = dice.pick(models);
  const [name, value] = dice.pick([
    ['title', `typed ${dice.int(0, 99)}`],
    ['n', dice.int(1_000, 1_999)],
    ['note', `typed ${dice.int(0, 99)}`],
  ] as const);
  // To type what is there is no edit.
  if (model.get(name) === value) return;
  tab.tell(`types into ${nameOf(model)}: ${name} ${value}`);
  model.set(name, value);
  tab.typing.typed(model, name, value);
}

function options(dice: Dice): Hash {
  return {
    ...(dice.chance(0.12) && { wait: true }),
    ...(dice.chance(0.04) && { queue: false }),
    ...(dice.chance(0.04) && { timeout: dice.int(20, 4_000) }),
  };
}

/** Mostly good values; `bad` is refused by the schema, `forbidden` by the application. */
function title(dice: Dice): string {
  if (dice.chance(0.04)) return 'bad';
  if (dice.chance(0.04)) return 'forbidden';
  return `t${dice.int(1, 99)}`;
}

function createOne(tab: SimTab, collection: Backbone.Collection, dice: Dice): void {
  const how = options(dice);
  const id = dice.chance(0.2) ? { id: dice.pick(SHARED) } : {};
  if ('id' in id && collection.get(id.id)) return;
  const lists = tab.collections[0]?.models ?? [];
  const list = lists.length > 0 ? (dice.pick(lists).id as string | undefined) : undefined;
  create(tab, collection, { ...id, title: title(dice), n: dice.int(0, 9), ...(list && { list }) }, how);
}

export function create(tab: SimTab, collection: Backbone.Collection, attrs: Hash, how: Hash): void {
  tab.ask(`creates in ${urlOf(collection)} ${JSON.stringify(attrs)} ${JSON.stringify(how)}`, (callbacks) =>
    collection.create(attrs, { ...how, ...callbacks }),
  );
}

function save(tab: SimTab, model: Model, dice: Dice): void {
  const how = { ...options(dice), ...(dice.chance(0.4) && { patch: true }) };
  if (dice.chance(0.15) && model.has('note')) {
    model.unset('note');
    tab.typing.undone(model, 'note');
    ask(tab, model, 'without its note', null, options(dice));
    return;
  }
  const attrs: Hash = {};
  if (dice.chance(0.6)) attrs.title = title(dice);
  if (dice.chance(0.5)) attrs.n = dice.int(0, 999);
  if (dice.chance(0.3)) attrs.note = `${tab.name} ${dice.int(0, 999)}`;
  if (dice.chance(0.1)) attrs.tags = [dice.int(0, 9), { deep: dice.int(0, 9) }];
  write(tab, model, attrs, how);
}

export function write(tab: SimTab, model: Model, attrs: Hash, how: Hash): void {
  ask(tab, model, JSON.stringify(attrs), attrs, how);
}

function ask(tab: SimTab, model: Model, what: string, attrs: Hash | null, how: Hash): void {
  let heard: Heard | undefined;
  tab.ask(
    `saves ${nameOf(model)} ${what} ${JSON.stringify(how)}`,
    (callbacks) => {
      const unsaved = () => tab.medulla.stateOf(model).changed;
      const edits = unsaved();
      // A patch sends what it is given in any case.
      const asWas = Object.entries(how.patch ? {} : (attrs ?? {}))
        .filter(([name, value]) => model.get(name) === value && !edits.includes(name))
        .map(([name]) => name);
      const request = model.save(attrs as never, { ...how, ...callbacks });
      const wait = how.wait === true;
      const isWhole = wait && !how.patch;
      heard = tab.typing.saved(model, attrs ?? {}, { wait, isWhole, asWas, edits, unsaved });
      return request;
    },
    (isDone, status) => heard?.(isDone, status),
  );
}

function destroy(tab: SimTab, model: Model, dice: Dice): void {
  const how = options(dice);
  tab.typing.destroyed(model);
  // Backbone answers by itself what has no id yet, in real time: nobody waits for that.
  if (model.isNew()) {
    tab.tell(`destroys ${nameOf(model)}, which waits for its id`);
    model.destroy();
    return;
  }
  tab.ask(`destroys ${nameOf(model)} ${JSON.stringify(how)}`, (callbacks) =>
    model.destroy({ ...how, ...callbacks }),
  );
}

function fetch(tab: SimTab, collection: Backbone.Collection, dice: Dice): void {
  const cache = dice.pick(CACHES);
  if (dice.chance(0.3) && collection.length > 0) {
    const model = dice.pick(collection.models as Model[]);
    tab.typing.fetched([model]);
    tab.ask(`fetches ${nameOf(model)} ${cache}`, (callbacks) =>
      model.fetch({ cache, ...callbacks } as never),
    );
  } else {
    tab.typing.fetched(collection.models);
    tab.ask(`fetches ${urlOf(collection)} ${cache}`, (callbacks) =>
      collection.fetch({ cache, ...callbacks } as never),
    );
  }
}

export const urlOf = (collection: Backbone.Collection) => String(collection.url);
export const nameOf = (model: Model) => `${model.collection ? urlOf(model.collection) : '?'}/${model.id}`;
