import Backbone from 'backbone';
import { connect } from 'backbone-medulla';

class Task extends Backbone.Model<{ title: string; done: boolean }> {}
class Tasks extends Backbone.Collection<Task> {
  override model = Task;
}
const medulla = connect(Backbone);
const tasks = new Tasks();
const task = new Task();

medulla.follow(tasks, { where: { dome: false } }); // TS2353
medulla.follow(tasks, { where: { done: 'no' } }); // TS2322
medulla.follow(tasks, { where: (attrs) => attrs.titel === 'x' }); // TS2551
medulla.follow(task, { events: { update: (model) => model.get('colour') } }); // TS2345
medulla.follow(tasks, { events: { updated: true } }); // TS2561
medulla.follow(tasks, { only: ['read'] }); // TS2322
medulla.follow('/tasks'); // TS2345
medulla.stateOf(task).loaded; // TS2339
medulla.stateOf(tasks).changed; // TS2339
medulla.stateOf(task).changed.includes('colour'); // TS2345
medulla.stateOf(task).conflict?.resolve({ titel: 'Both' }); // TS2561
const done: boolean = medulla.outbox.models[0]?.get('state') === 'done'; // TS2367
const attempts: string | undefined = medulla.outbox.at(0)?.get('attempts'); // TS2322
medulla.outbox.each((item) => item.forget()); // TS2339
const pending: string = medulla.status.get('pending'); // TS2322
medulla.on('error', (request) => request.code); // TS2339
medulla.on('conflict', (model: string) => model); // TS2345
connect(Backbone, { hosts: 'leader' }); // TS2561
connect(Backbone, { host: 'worker' }); // TS2322
connect({}); // TS2739
connect(Backbone, { hydrate: { user: 'ann', topics: [] } }); // TS2353
medulla.signOut({ outbox: 'drop' }); // TS2322

export { attempts, done, pending };
