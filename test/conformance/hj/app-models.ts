import type Backbone from 'backbone';
import { sharedModels } from '../../../src/models.ts';

/** The models of an application, as its server and its pages have them: the one file takes whichever Backbone is there. */
export function appModels(backbone: typeof Backbone) {
  const { Model, Collection } = sharedModels(backbone);

  class Note extends Model {}
  class Notes extends Collection {
    override model = Note;
  }
  class Task extends Model {
    declare readonly notes: Notes;
    override initialize() {
      Object.assign(this, { notes: new Notes(), parent: this });
    }
    override validate({ title }: { title?: string }) {
      return title === '' ? 'A task has a title' : undefined;
    }
  }
  class Tasks extends Collection<Task> {
    override model = Task;
    override url = () => '/tasks';
  }
  class Team extends Model {
    override url = () => '/team';
  }
  class App extends Model {
    declare readonly team: Team;
    declare readonly tasks: Tasks;
    override initialize() {
      Object.assign(this, { team: new Team(), tasks: new Tasks() });
    }
  }
  return { App, Task, Tasks, Team, Notes };
}
