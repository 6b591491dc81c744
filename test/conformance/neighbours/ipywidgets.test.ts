import { describe, expect, it } from 'vitest';
import { open, optionsOf, somebodyElse } from './world.ts';

/** A slider that is followed, and the writes that come to the server. */
async function slider() {
  const world = await open({ records: { '/tasks': [{ id: 1, value: 0, step: 1 }] } });
  const { medulla, server, settle, tasks } = world;
  const arrived: unknown[] = [];
  server.use('patch', async ({ set }, next) => {
    arrived.push(set);
    await next();
  });
  medulla.follow(tasks);
  await settle();
  const model = tasks.at(0);
  const drag = (value: number) => model.save({ value }, optionsOf({ patch: true }));
  return { ...world, arrived, model, drag };
}

describe('who comes from ipywidgets', () => {
  it('[NB-04] has one write of a record under way, and what comes meanwhile is merged behind it', async () => {
    const { line, clock, settle, arrived, drag, model } = await slider();
    line.delay = 100;
    drag(1);
    await clock.turn(10);
    for (const value of [2, 3, 4]) {
      drag(value);
      await clock.turn(10);
    }
    model.save({ step: 5 }, optionsOf({ patch: true }));
    await settle();
    expect(arrived).toEqual([{ value: 1 }, { value: 4, step: 5 }]);
    expect(model.attributes).toEqual({ id: 1, value: 4, step: 5 });
  });

  it('[NB-04] never sees an older echo undo a newer value, its own or another’s', async () => {
    const world = await slider();
    const { line, clock, settle, drag, model } = world;
    const theirs = await somebodyElse(world);
    const shown: unknown[] = [];
    model.on('change:value', () => shown.push(model.get('value')));
    line.delay = 100;
    for (const value of [1, 2, 3, 4, 5]) {
      drag(value);
      await clock.turn(60);
    }
    await settle();
    expect(shown).toEqual([1, 2, 3, 4, 5]);
    drag(6);
    await clock.turn(50);
    model.set({ value: 7 });
    await settle();
    expect(shown).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([theirs.at(0).get('value'), world.medulla.stateOf(model).changed]).toEqual([6, ['value']]);
  });
});
