import Backbone from 'backbone';
import { io } from 'socket.io-client';
import type { Card, Touch } from '../cards.ts';
import { drive, serverOrigin } from './driver.ts';

/*
 * One socket.io-client a tab; Backbone.sync emits and waits for the ack. Without a connection socket.io-client itself
 * keeps what is emitted, in memory. It has no log: after a reconnect it loads everything again.
 */

const socket = io(serverOrigin, { transports: ['websocket'], autoConnect: false, reconnectionDelay: 200 });
const collection = new Backbone.Collection();
let models: Backbone.Model[] = [];
const kept: Promise<void>[] = [];

/** Of what Backbone's own types promise about a jQuery request, nobody here needs anything. */
type Options = { success?: (answer: unknown) => void } | undefined;

Backbone.sync = (method, model, options) => {
  const { success } = (options as Options) ?? {};
  if (method === 'read') socket.emit('load', (rows: readonly Card[]) => success?.(rows));
  else socket.emit('save', model.toJSON(), (answer: object) => success?.(answer));
};

const load = () => new Promise<void>((resolve) => collection.fetch({ success: () => resolve() }));
const save = (i: number, set: Partial<Card>) =>
  new Promise<void>((resolve) => models[i]?.save(set, { success: () => resolve() }));

socket.on('change', ({ id, set }: Touch) => collection.get(id)?.set(set));

drive({
  cards: collection,
  async open() {
    socket.connect();
    await load();
    socket.on('connect', () => {
      if (collection.length) load();
    });
  },
  prepare(cards) {
    models = cards.map((card) => collection.get(card.id) ?? collection.add(new Backbone.Model(card)));
  },
  save,
  async keep(i) {
    kept.push(save(i, {}));
  },
  async drained() {
    await Promise.all(kept);
  },
  async offline() {
    if (socket.connected) await new Promise((resolve) => socket.once('disconnect', resolve));
  },
});
