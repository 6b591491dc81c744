import type Backbone from 'backbone';
import type { Random } from '../../../src/base/random.ts';

/** A page of an application, whatever sync it has, and what happens in it. */
export interface StockPage {
  readonly tasks: Backbone.Collection;
  /** The next thing that is asked of the server is refused, or nothing is. */
  refuse(on: boolean): void;
}

/** What somebody does next, with all chance taken out of it; `mayFail`: a create too may be refused. */
export function nextStep(random: Random, mayFail: boolean): (page: StockPage) => void {
  const pick = (n: number) => Math.floor(random.next() * n);
  const which = pick(100);
  const attrs = { [`a${pick(3)}`]: pick(4) };
  const options = { wait: pick(3) === 0, patch: pick(3) === 0, force: true } as Backbone.ModelSaveOptions;
  // What was added here and never saved goes with a fetch, with us: all names are there from the start.
  const whole = { a0: pick(4), a1: pick(4), a2: pick(4) };
  const fetch = { reset: pick(3) === 0, remove: pick(3) !== 0, merge: pick(3) !== 0 };
  const [kind, failure] = [pick(9), pick(8) === 0];
  // A delete that is refused puts its record back, and what was not saved stays, with us.
  const fails =
    failure && (kind < 4 ? options.wait : kind === 6 || kind === 7 || (kind === 8 && options.wait));
  return ({ tasks, refuse }) => {
    const byId = [...tasks.models].sort(
      (one, other) => Number(one.id ?? Infinity) - Number(other.id ?? Infinity),
    );
    const model = byId[which % (tasks.length || 1)];
    refuse(Boolean(fails) && (mayFail || (kind > 1 && Boolean(model))));
    if (kind < 2 || !model) tasks.create({ ...whole }, options);
    else if (kind < 4) model.save({ ...attrs }, options);
    else if (kind === 4) model.save(null, { patch: false, force: true } as Backbone.ModelSaveOptions);
    else if (kind === 5)
      model.set({ ...attrs }).save(null, { wait: options.wait, force: true } as Backbone.ModelSaveOptions);
    else if (kind === 6) (model.isNew() ? tasks : model).fetch();
    else if (kind === 7) tasks.fetch(fetch);
    else model.destroy(options);
  };
}

/** The names of what is triggered on it, without what is Medulla's own, and on whom. */
export function eventsOf(tasks: Backbone.Collection): string[] {
  const events: string[] = [];
  tasks.on('all', (name: string, target: Backbone.Model) => {
    if (!name.startsWith('medulla:')) events.push(`${name} ${target?.id ?? ''}`);
  });
  return events;
}

/** In which order a server names what it answers with, is its own affair. */
const sorted = (attrs: object | false) => JSON.stringify(Object.entries(attrs || {}).sort());
function ordered(events: readonly string[]): string[] {
  const runs = events.map((name, i) => (name.startsWith('change:') ? 0 : i + 1));
  const last = (i: number) => runs.findIndex((run, at) => at >= i && run !== 0);
  return events
    .map((name, i) => ({ name, at: runs[i] || last(i) }))
    .sort((one, other) => one.at - other.at || (one.name < other.name ? -1 : 1))
    .map(({ name }) => name);
}

/** What has come of a step. */
export const shapeOf = ({ tasks }: StockPage, events: string[]) => ({
  events: ordered(events.splice(0)),
  models: tasks.map((model) => sorted(model.attributes)),
  changed: tasks.map((model) => sorted(model.changedAttributes())),
});
