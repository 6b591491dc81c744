import type Backbone from 'backbone';
import type { SimTab } from './sim-tab.ts';

type Model = Backbone.Model;

/** Ids that all tabs know: what they fight over. */
const SHARED = ['k1', 'k2', 'k3'];
const CACHES = ['network', 'first', 'only', 'reload'];

/** One random thing that a user or the application of this tab does. */
export function work(tab: SimTab): 'write' | 'read' {
  const { dice } = tab;
  const collection = dice.pick(tab.collections);
  const models = collection.models as Model[];
  if (dice.chance(0.12)) {
    fetch(tab, collection);
    return 'read';
  }
  if (models.length === 0 || dice.chance(models.length < 8 ? 0.35 : 0.08)) create(tab, collection);
  else if (dice.chance(0.15)) destroy(tab, dice.pick(models));
  else save(tab, dice.pick(models));
  return 'write';
}

function options(tab: SimTab): object {
  const { dice } = tab;
  return {
    ...(dice.chance(0.12) && { wait: true }),
    ...(dice.chance(0.04) && { queue: false }),
    ...(dice.chance(0.04) && { timeout: dice.int(20, 4_000) }),
  };
}

/** Mostly good values; `bad` is refused by the schema, `forbidden` by the application. */
function title(tab: SimTab): string {
  const { dice } = tab;
  if (dice.chance(0.04)) return 'bad';
  if (dice.chance(0.04)) return 'forbidden';
  return `t${dice.int(1, 99)}`;
}

function create(tab: SimTab, collection: Backbone.Collection): void {
  const { dice } = tab;
  const how = options(tab);
  const id = dice.chance(0.2) ? { id: dice.pick(SHARED) } : {};
  if ('id' in id && collection.get(id.id)) return;
  const lists = tab.collections[0]?.models ?? [];
  const list = lists.length > 0 ? (dice.pick(lists).id as string | undefined) : undefined;
  const attrs = { ...id, title: title(tab), n: dice.int(0, 9), ...(list && { list }) };
  tab.ask(`creates in ${urlOf(collection)} ${JSON.stringify(attrs)} ${JSON.stringify(how)}`, (callbacks) =>
    collection.create(attrs, { ...how, ...callbacks }),
  );
}

function save(tab: SimTab, model: Model): void {
  const { dice } = tab;
  const how = { ...options(tab), ...(dice.chance(0.4) && { patch: true }) };
  const what = `saves ${nameOf(model)}`;
  if (dice.chance(0.15) && model.has('note')) {
    model.unset('note');
    tab.ask(`${what} without its note`, (callbacks) =>
      model.save(null as never, { ...options(tab), ...callbacks }),
    );
    return;
  }
  const attrs: Record<string, unknown> = {};
  if (dice.chance(0.6)) attrs.title = title(tab);
  if (dice.chance(0.5)) attrs.n = dice.int(0, 999);
  if (dice.chance(0.3)) attrs.note = `${tab.name} ${dice.int(0, 999)}`;
  if (dice.chance(0.1)) attrs.tags = [dice.int(0, 9), { deep: dice.int(0, 9) }];
  tab.ask(`${what} ${JSON.stringify(attrs)} ${JSON.stringify(how)}`, (callbacks) =>
    model.save(attrs, { ...how, ...callbacks }),
  );
}

function destroy(tab: SimTab, model: Model): void {
  const how = options(tab);
  tab.ask(`destroys ${nameOf(model)} ${JSON.stringify(how)}`, (callbacks) =>
    model.destroy({ ...how, ...callbacks }),
  );
}

function fetch(tab: SimTab, collection: Backbone.Collection): void {
  const { dice } = tab;
  const cache = dice.pick(CACHES);
  if (dice.chance(0.3) && collection.length > 0) {
    const model = dice.pick(collection.models as Model[]);
    tab.ask(`fetches ${nameOf(model)} ${cache}`, (callbacks) =>
      model.fetch({ cache, ...callbacks } as never),
    );
  } else
    tab.ask(`fetches ${urlOf(collection)} ${cache}`, (callbacks) =>
      collection.fetch({ cache, ...callbacks } as never),
    );
}

export const urlOf = (collection: Backbone.Collection) => String(collection.url);
export const nameOf = (model: Model) => `${model.collection ? urlOf(model.collection) : '?'}/${model.id}`;
