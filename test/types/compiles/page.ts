import Backbone from 'backbone';
import { connect } from 'backbone-medulla';

interface Task {
  title: string;
  done: boolean;
  tags?: string[];
}
class TaskModel extends Backbone.Model<Task> {
  override urlRoot = '/tasks';
}
class Tasks extends Backbone.Collection<TaskModel> {
  override model = TaskModel;
  override url = () => '/tasks';
}

const medulla = connect(Backbone, { routes: ['/tasks'] }).install();
const tasks = new Tasks();
const task = new TaskModel({ title: 'One', done: false });

// A follow knows the attributes of its target, whether that is a model or a collection.
medulla
  .follow(tasks, {
    where: { done: false },
    only: ['create', 'update'],
    events: { update: (model) => model.get('title')?.toUpperCase(), delete: 'gone', create: true },
  })
  .follow(tasks, { where: (attrs, record) => attrs.done === true && record !== '' })
  .follow(task, { events: { delete: (model, options) => [model.isNew(), options.remote] } })
  .release(tasks)
  .bind(task, { update: (model) => model.save({ done: true }) });

// So does the state, of either.
const changed: readonly ('title' | 'done' | 'tags')[] = medulla.stateOf(task).changed;
const theirs: string | undefined = medulla.stateOf(task).conflict?.theirs?.title;
medulla.stateOf(task).conflict?.resolve({ title: 'Both' });
const loaded: boolean = medulla.stateOf(tasks).loaded;

// The outbox is a Backbone collection of known attributes.
for (const item of medulla.outbox.models) {
  const state: 'queued' | 'sent' | 'parked' | 'rejected' = item.get('state');
  const attempts: number = item.get('attempts');
  const method: 'create' | 'update' | 'patch' | 'delete' = item.get('method');
  if (state === 'rejected' && attempts && method) item.retry({ title: 'Better' });
}
medulla.outbox.each((item) => item.discard());
const topics: string[] = medulla.outbox.map((item) => item.get('topic'));
const refused = medulla.outbox.find((item) => item.get('receipt')?.type === 'invalid');
medulla.outbox.on('update change', () => refused?.export());
const view = new Backbone.View({ collection: medulla.outbox, model: medulla.status });

// The status too, and what the Medulla tells.
const pending: number = medulla.status.get('pending');
const user: string | null = medulla.status.get('user');
medulla.status.on('change:pending', (_status, count: number) => count + pending);
medulla.on('error', (request, target) => [request.status.toFixed(), target.trigger('seen')]);
medulla.on('conflict', (model, { names, theirs: there, resolve }) => {
  if (names.includes('title') && there === null) resolve();
  model.get('title');
});
medulla.once('signin', (name) => name.length);
medulla.on('message', (type, content) => [type.length, content]);
medulla.on('all', (name, ...args) => [name.length, args]);
medulla.on('something:else', (anything: number) => anything);
medulla.ready.then(() => medulla.flush());

// Without types of one's own everything goes.
const loose = new (Backbone.Collection.extend({ url: '/loose' }))();
medulla.follow(loose, {
  where: (attrs) => attrs.done === true,
  events: { update: (model) => model.get('x') },
});
medulla.stateOf(loose.at(0)).state;

export { changed, loaded, theirs, topics, user, view };
