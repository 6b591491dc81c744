import Backbone from 'backbone';
import 'backbone-medulla/backbone-types';

class Task extends Backbone.Model<{ title: string; done: boolean }> {}
class Tasks extends Backbone.Collection<Task> {
  override model = Task;
}
const tasks = new Tasks();
const task = new Task({ title: 'One', done: false });

tasks.fetch({ follow: true, cache: 'first', reset: true });
tasks.fetch({ follow: { where: { done: false }, only: ['update'] }, data: { done: false } });
tasks.fetch({ where: (attrs) => attrs.done !== true, cache: false, ajaxSync: true });
tasks.create({ title: 'Two' }, { queue: false, wait: true });
task.fetch({ follow: true, success: () => undefined });
const either: Task | Tasks = Math.random() < 0.5 ? task : tasks;
either.fetch({ follow: true });
task.save({ done: true }, { patch: true, queue: false, timeout: 1_000 });
task.save(null, { force: true });
task.destroy({ queue: false, wait: true });
