import { connect } from 'backbone-medulla';

/** A Backbone without types: a script tag's, or an old version's. */
declare const Backbone: {
  Model: unknown;
  Collection: unknown;
  Events: unknown;
  sync(...args: unknown[]): unknown;
};
declare const tasks: object;

const medulla = connect(Backbone);
medulla.install().follow(tasks, { where: { done: false } });
const connection: string = medulla.status.get('connection');
const sent = medulla.outbox.filter((item) => item.get('state') === 'sent').length;
medulla.on('error', (request) => request.responseJSON);

export { connection, sent };
