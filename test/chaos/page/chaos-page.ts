/** Runs in the page: carries out orders, and tells the driver what happens as it happens. */
import Backbone from 'backbone';
import { connect } from 'backbone-medulla';
import {
  isMark,
  type Look,
  type Order,
  type Standing,
  TOPICS,
  type Told,
  type Topic,
  type Unsaved,
} from '../words.ts';
import { watchDecisions } from './decisions.ts';
import { readDisk, usurp } from './disk.ts';
import { drafts } from './drafts.ts';
import { requests } from './requests.ts';
import { tap } from './tap.ts';

declare global {
  var chaos: typeof page;
}

const asked = new URLSearchParams(location.search);

/** Waits until the driver has heard it: what leaves this page is known there, however soon the page crashes. */
function tell(told: Told): void {
  const request = new XMLHttpRequest();
  request.open(
    'GET',
    `/tell?tab=${asked.get('tab')}&told=${encodeURIComponent(JSON.stringify(told))}`,
    false,
  );
  request.send();
}

tell({ type: 'hello' });
const expect = tap(tell, (record, { title }) => typed.left(record, title));
const [server, user] = [asked.get('server') ?? '', asked.get('user') ?? ''];
const medulla = connect(Backbone, {
  routes: TOPICS,
  server,
  user,
  auth: () => user,
  patience: 1_000,
}).install();
const collections = new Map(
  TOPICS.map((url) => {
    const Records = Backbone.Collection.extend({ url, follow: true });
    return [url, new Records() as Backbone.Collection];
  }),
);
const all = [...collections.values()];
const open = requests(tell);
const typed = drafts(all, tell);
const decisions = watchDecisions(medulla, tell);
const changedOf = (model: Backbone.Model) => medulla.stateOf(model).changed;
const recordOf = ({ collection, id }: Backbone.Model) => `${String(collection?.url)}/${id}`;
/** Records on which something was refused or typed here: only these may have edits that nobody saved. */
const touchy = new Map<string, string>();

function collectionOf(topic: Topic): Backbone.Collection {
  const collection = collections.get(topic);
  if (!collection) throw new Error(`There is no ${topic}`);
  return collection;
}

const page = {
  act(order: Order): void {
    typed.check();
    const { mark, kind, topic, chance, id, title, wait } = order;
    const collection = collectionOf(topic);
    const { models } = collection;
    const options = { ...(wait && { wait }) };
    const target = models[Math.floor(chance * models.length)];
    if (kind === 'decide') decisions.decide(order, (item) => edit(item, order));
    else if (kind === 'create') {
      if (id !== undefined && collection.get(id)) return;
      const model = new Backbone.Model({ ...(id !== undefined && { id }), title, [mark]: 1 }, { collection });
      if (!wait) collection.add(model);
      // As Backbone's own `create` does.
      const success = () => void collection.add(model);
      save(model, {}, wait ? { wait, success } : {}, order);
    } else if (!target) return;
    else if (kind === 'draft') {
      const { state, changed } = medulla.stateOf(target);
      if (state !== 'clean' || changed.length > 0) return;
      touchy.set(recordOf(target), 'typed');
      typed.type(target, mark);
    } else if (kind === 'destroy') {
      typed.forget(target);
      const record = recordOf(target);
      expect({ mark, destroys: record });
      tell({ type: 'asked', mark, record, what: `destroys it ${JSON.stringify(options)}` });
      follow(order, target, record, target.destroy(options));
    } else if (kind === 'patch') {
      // The title is what people type into: a patch leaves it alone.
      save(target, { [mark]: 1, n: chance }, { ...options, patch: true }, order);
    } else {
      typed.forget(target);
      save(target, { [mark]: 1, ...(title && { title }) }, options, order);
    }
  },

  standing(): Standing {
    typed.check();
    const { connection, pending, rejected } = medulla.status.toJSON();
    return { waiting: open.waiting(), connection, pending, rejected, items: decisions.items() };
  },

  look: (): Look[] =>
    all.flatMap(({ models }) =>
      models
        .filter((model) => medulla.stateOf(model).state === 'clean' && changedOf(model).length === 0)
        .map((model) => ({ record: recordOf(model), marks: Object.keys(model.attributes).filter(isMark) })),
    ),

  disk: () => readDisk(user),
  usurp: () => usurp(user),

  /** What is typed is written at last, under the marks of these orders. */
  saveDrafts(orders: readonly Order[]): void {
    typed.check();
    for (const [i, model] of typed.models().entries()) {
      const order = orders[i];
      if (!order) break;
      typed.forget(model);
      save(model, { [order.mark]: 1 }, {}, order);
    }
  },

  unsaved: (): Unsaved[] =>
    all.flatMap(({ models }) =>
      models.flatMap((model) => {
        const names = [...changedOf(model)];
        const record = recordOf(model);
        return names.length > 0 ? [{ record, names, why: touchy.get(record) ?? null }] : [];
      }),
    ),

  /** What was refused and stays as unsaved edits goes back to what the server has. Resolves when it has answered. */
  async undo(): Promise<void> {
    for (const collection of all)
      for (const model of collection.filter((one) => changedOf(one).length > 0)) {
        const request = model.fetch() as unknown as Promise<unknown> & { status: number };
        await request.then(undefined, () => {
          if (request.status === 404) collection.remove(model);
        });
      }
  },

  /** All models by record, as JSON. */
  models: (): [string, Record<string, unknown>][] =>
    all.flatMap(({ models }) =>
      models.map((model): [string, Record<string, unknown>] => [recordOf(model), model.toJSON()]),
    ),
};

/** A refused write edited as a person would: in the model, and saved again. */
function edit(item: Backbone.Model, order: Order): void {
  const model = collections.get(item.get('topic') as Topic)?.get(String(item.get('record')));
  if (!model) return;
  typed.forget(model);
  save(model, { [order.mark]: 1, title: `edited ${order.mark}` }, {}, order);
}

function save(model: Backbone.Model, attrs: object, options: object, order: Order): void {
  const { mark } = order;
  expect({ mark, destroys: null });
  const json = JSON.stringify([attrs, options]);
  tell({ type: 'asked', mark, record: recordOf(model), what: `${order.kind}s it: ${json}` });
  follow(order, model, recordOf(model), model.save(attrs, options));
}

function follow({ mark }: Order, model: Backbone.Model, record: string, request: unknown): void {
  const refused = (why: string) => {
    touchy.set(record, why);
    touchy.set(recordOf(model), why);
  };
  open.follow(mark, request, (code) => refused(`${mark} ${code}`));
}

// A refusal after a 202: what was typed since stays, unsaved.
for (const collection of all) {
  collection.on('medulla:rejected medulla:conflict', (model: Backbone.Model) =>
    touchy.set(recordOf(model), 'refused late'),
  );
  void Promise.resolve(collection.fetch()).catch(() => undefined);
}
globalThis.chaos = page;
