import { createServer as http } from 'node:http';
import Backbone from 'backbone';
import { connect } from 'backbone-medulla';
import {
  createRegistry,
  exportState,
  hydration,
  importState,
  sharedModels,
  stateScript,
} from 'backbone-medulla/models';
import { createServer, memoryStore } from 'backbone-medulla/server';

const { Model, Collection } = sharedModels(Backbone);
class Task extends Model<{ title: string; done: boolean }> {
  override readonly authoritative = true;
}
class Tasks extends Collection<Task> {
  override model = Task;
  override url = () => '/tasks';
}
class App extends Model {
  readonly tasks = new Tasks();
}

const app = importState(new App(), exportState(new App()), { silent: true });
const title: string | undefined = app.tasks.at(0).get('title');
app.tasks.at(0).setServer({ title: 'Two' }, { timeout: 100 });
app.tasks.at(0).unsetServer('title');
const ids: readonly (string | number | null)[] = exportState(app.tasks).models.map(({ id }) => id);

const registry = createRegistry().add(app, app.tasks);
const Unique = registry.unique(Task);
const one: Task = new Unique({ title: 'One', done: false });
const found: Task | undefined = registry.get(7, Task);

const medulla = createServer(http(), { store: memoryStore() });
const serving = medulla.serve(app.tasks, { authorize: ({ user }) => user !== '' });
export const page = async () => {
  await serving.ready;
  const state = await medulla.snapshot(['/tasks'], { user: 'ann' });
  connect(Backbone, { user: 'ann', hydrate: hydration(state) }).follow(app.tasks, { where: { done: false } });
  return stateScript(state);
};
export { found, ids, one, title };
