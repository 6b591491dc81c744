import type Backbone from 'backbone';

type Model = Backbone.Model;

/** What a page is shown, as its views hear it: what was shown before, or shown twice, or is no change at all, is flicker. */
export function watch(
  who: string,
  collection: Backbone.Collection,
  flicker: (text: string) => void,
  told: (text: string) => void,
): void {
  const shown = new Map<string, Set<string>>();
  const there = new Set<string>();
  let order = '';
  const orderNow = () => collection.map(({ id }) => id).join();

  function show(model: Model, name: string, value: unknown, first = false): void {
    const key = `${model.cid} ${model.id}.${name}`;
    const json = JSON.stringify(value) ?? 'nothing';
    const before = shown.get(key) ?? new Set();
    told(`${who} shows ${key} = ${json}`);
    if (before.has(json) && !first) flicker(`${who} shows ${key} = ${json} again`);
    shown.set(key, before.add(json));
  }

  /** One that is created here has its id a little later. */
  function come({ id, cid }: Model): void {
    const key = String(id ?? cid);
    if (there.has(key)) flicker(`${who} adds ${key} again`);
    there.add(key);
  }

  for (const model of collection.models) showAll(model);
  function showAll(model: Model): void {
    come(model);
    for (const [name, value] of Object.entries(model.attributes))
      if (name !== 'id') show(model, name, value, true);
  }

  collection.on('add', (model: Model) => {
    showAll(model);
    order = orderNow();
  });
  collection.on('change:id', come);
  collection.on('remove', (model: Model) => {
    if (!there.delete(String(model.id))) flicker(`${who} removes ${model.id} again`);
    told(`${who} removes ${model.id}`);
    order = orderNow();
  });
  collection.on('change', (model: Model) => {
    const changes = Object.entries(model.changedAttributes() || {}).filter(([name]) => name !== 'id');
    for (const [name, value] of changes) show(model, name, value);
  });
  collection.on('sort', () => {
    const now = orderNow();
    if (now === order) flicker(`${who} is sorted, and nothing moved`);
    order = now;
  });
}
