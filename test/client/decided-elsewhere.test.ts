import { expect, it } from 'vitest';
import { testMedulla } from '../../src/testing.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

/** A write of the first tab is refused; the second has it in its outbox. */
async function refused() {
  const [here, there] = [freshBackbone(), freshBackbone()];
  const world = testMedulla(here, {
    resources: { '/tasks': { public: true } },
    records: { '/tasks': [{ id: 1, title: 'Milk', note: 'Old' }] },
  });
  const other = world.tab(there);
  const [tasks, theirs] = [here, there].map(
    (backbone) => new (backbone.Collection.extend({ url: '/tasks', follow: true }))(),
  );
  tasks?.fetch();
  theirs?.fetch();
  const { outbox } = other.medulla;
  await world.settle();
  const end = world.server.refuse(({ set }) => set.title === 'Bad' && 'A better title, please');
  const model = tasks?.get(1) as NonNullable<ReturnType<NonNullable<typeof tasks>['get']>>;
  model.save({ title: 'Bad' });
  await world.settle();
  expect([model.get('title'), theirs?.get(1)?.get('title')]).toEqual(['Bad', 'Milk']);
  end();
  const conflicts: unknown[] = [];
  world.medulla.on('conflict', (_model, conflict) => conflicts.push(conflict));
  const item = outbox.at(0) as unknown as { retry(edit?: object): void; discard(): void };
  return { world, model, item, conflicts };
}

it.each([
  ['discard', undefined, 'Milk'],
  ['retry', undefined, 'Bad'],
  ['retry', { title: 'Good' }, 'Good'],
] as const)(
  '[TB37] what another tab decides by %s(%o) ends the edits here that are still what was refused',
  async (decision, edit, title) => {
    const { world, model, item, conflicts } = await refused();
    model.set({ note: 'Typed since' });
    item[decision](edit);
    await world.settle();
    expect(model.attributes).toEqual({ id: 1, title, note: 'Typed since' });
    expect(world.medulla.stateOf(model)).toMatchObject({ state: 'clean', changed: ['note'], error: null });
    expect(conflicts).toEqual([]);
    expect(await world.server.rows('/tasks')).toEqual([{ id: 1, title, note: 'Old' }]);
    await world.close();
  },
);

it('[TB37] what was typed since over what was refused stays, whatever another tab decides', async () => {
  const { world, model, item } = await refused();
  model.set({ title: 'Typed since' });
  item.discard();
  await world.settle();
  expect(model.get('title')).toBe('Typed since');
  expect(world.medulla.stateOf(model).changed).toEqual(['title']);
  await world.close();
});
