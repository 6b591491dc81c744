import { createRequire } from 'node:module';
import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { createRegistry, exportState, importState } from '../../src/models.ts';
import { appModels } from '../conformance/hj/app-models.ts';

const require = createRequire(import.meta.url);

it.each(['1.1.2', '1.2.3', '1.3.3', '1.4.1', '1.5.0'])(
  '[MO3] works with the classes of Backbone %s, as with those of today',
  (version) => {
    const { App, Task: Plain } = appModels(require(`backbone-${version}`) as typeof Backbone);
    const app = new App({ name: 'Board' });
    app.tasks.add([{ id: 1, title: 'One' }, { title: 'Two' }]);
    const registry = createRegistry();
    const there = new App();
    there.tasks.add({ id: 1, title: 'Old' });
    const known = there.tasks.get(1);
    importState(there, exportState(app), { registry });
    expect(there.tasks.pluck('title')).toEqual(['One', 'Two']);
    expect([there.tasks.get(1), registry.get(1)]).toEqual([known, known]);
    known.set({ id: 7 });
    expect([registry.get(1), registry.get(7)]).toEqual([undefined, known]);
    const Task = registry.unique(Plain);
    expect(new Task({ id: 7, done: true })).toBe(known);
    let asked: unknown;
    Object.assign(known, { authoritative: true, sync: (...call: unknown[]) => (asked = call[2]) });
    known.save({ title: 'Uno' });
    expect([known.get('title'), asked]).toEqual(['One', expect.objectContaining({ wait: true })]);
  },
);
