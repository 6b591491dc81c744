import Backbone from 'backbone';
// Not bundled with the page: it is served as it is published.
import { connect } from '../../../src/index.ts';
import type { Card } from '../cards.ts';
import { drive, serverOrigin } from './driver.ts';

const medulla = connect(Backbone, { routes: ['/cards'], server: serverOrigin }).install();
const Cards = Backbone.Collection.extend({ url: '/cards', follow: true });
const collection: Backbone.Collection = new Cards();
let models: Backbone.Model[] = [];
/** Kept writes that the server has not confirmed yet. */
let unconfirmed = 0;
collection.on('medulla:confirmed', () => unconfirmed--);

/** Saves; resolves with the status of the answer. */
const save = (i: number, set: Partial<Card>) =>
  new Promise<number>((resolve, reject) => {
    const request = models[i]?.save(set, {
      success: (_model: unknown, _answer: unknown, { xhr }: { xhr: { status: number } }) =>
        resolve(xhr.status),
      error: (_model: unknown, answer: { status: number; responseText: string }) =>
        reject(new Error(`The save failed with ${answer.status}: ${answer.responseText}`)),
    });
    if (!request) reject(new Error('The model was not valid'));
  });

const expect = (wanted: (status: number) => boolean) => (status: number) => {
  if (!wanted(status)) throw new Error(`The save was answered with ${status}`);
};

drive({
  cards: collection,
  async open() {
    await collection.fetch();
    const { host, hostReason } = medulla.status.attributes;
    if (host !== 'shared') throw new Error(`The hub is not in a SharedWorker but in ${host}: ${hostReason}`);
  },
  prepare(cards) {
    models = cards.map((card) => collection.get(card.id) ?? collection.add(new Backbone.Model(card)));
  },
  save: (i, set) => save(i, set).then(expect((status) => status === 200 || status === 201)),
  keep(i) {
    unconfirmed++;
    return save(i, {}).then(expect((status) => status === 202));
  },
  async drained() {
    while (unconfirmed > 0) await new Promise((resolve) => collection.once('medulla:confirmed', resolve));
  },
  async offline() {
    const { status } = medulla;
    while (status.get('connection') === 'open')
      await new Promise((resolve) => status.once('change:connection', resolve));
  },
});
