import Backbone from 'backbone';
import { createRegistry, exportState, importState, sharedModels } from 'backbone-medulla/models';

const { Model } = sharedModels(Backbone);
class Task extends Model<{ title: string }> {}
const task = new Task();

exportState({}); // TS2769
importState(task, { attributes: {} }); // TS2345
exportState(task).models?.tasks?.length; // TS2339
const id: boolean = exportState(task).id; // TS2322
createRegistry().get(7, Task)?.get('titel'); // TS2345
createRegistry().unique({}); // TS2345
task.setServer(); // TS2554
sharedModels({}); // TS2739

export { id };
