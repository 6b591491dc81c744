import Backbone from 'backbone';
import 'backbone-medulla/backbone-types';

class Task extends Backbone.Model<{ title: string; done: boolean }> {}
const task = new Task({ title: 'One', done: false });
const tasks = new Backbone.Collection<Task>();

tasks.fetch({ cache: 'never' }); // TS2769
tasks.fetch({ follow: { were: {} } }); // TS2769
task.save({ done: true }, { queue: 'no' }); // TS2322
task.save({ dome: true }); // TS2353
task.destroy({ force: true }); // TS2353
