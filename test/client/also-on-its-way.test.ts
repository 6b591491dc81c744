import { expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { testMedulla } from '../../src/testing.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';
import { edited } from './support/edited.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { openPage } from './support/page.ts';

const [OLD, MINE] = [
  { title: 'Old', note: 'Old' },
  { title: 'Mine', note: 'Old' },
];

/** A save of {title: 'Mine'} was refused, and is told as on its way all the same: by a hub that did not hear of that. */
async function refusedAndOnItsWay() {
  const page = await edited({});
  const { hub, model, stateOf } = page;
  model.save({ title: 'Mine' });
  await settle();
  hub.refused(hub.mutation(0));
  hub.shows(1, OLD, 5, 'rejected');
  await settle();
  hub.shows(1, MINE, 5, 'pending');
  await settle();
  expect(stateOf()).toMatchObject({ state: 'pending', changed: ['title'] });
  return page;
}

it('[TB42] an edit that is on its way as well is one still, and stays where that is refused', async () => {
  const { hub, model, told, stateOf } = await refusedAndOnItsWay();
  hub.shows(1, OLD, 5, 'rejected');
  await settle();
  expect([model.get('title'), stateOf().changed, told]).toEqual(['Mine', ['title'], []]);
});

it('[TB42] an edit that is on its way as well is none any more once that is applied', async () => {
  const { hub, model, told, stateOf } = await refusedAndOnItsWay();
  hub.shows(1, MINE, 6);
  await settle();
  expect(stateOf()).toMatchObject({ state: 'clean', changed: [], error: null });
  hub.shows(1, { title: 'Theirs', note: 'Old' }, 7);
  await settle();
  expect([model.get('title'), told]).toEqual(['Theirs', []]);
});

it('[TB42] an edit is one still where another hub answers with what is on its way as well', async () => {
  const [one, two] = [new HubDouble('one'), new HubDouble('two')];
  const { backbone, medulla } = await openPage({ host: new HostDouble(one, two) }, one);
  const tasks = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
  tasks.fetch();
  await settle();
  one.rows([[1, 5, OLD]]);
  await settle();
  const model = tasks.at(0);
  model.set({ title: 'Mine' });
  one.die();
  await settle();
  two.shows(1, MINE, 5, 'pending');
  two.rows([[1, 5, MINE]]);
  two.shows(1, OLD, 5, 'rejected');
  await settle();
  expect([model.get('title'), medulla.stateOf(model).changed]).toEqual(['Mine', ['title']]);
});

it('[TB42] what this tab itself has sent is no edit once the server has it, though it was shown before as on its way', async () => {
  const { hub, model, stateOf } = await edited({ title: 'Mine' });
  model.save(null, { wait: true });
  await settle();
  hub.shows(1, MINE, 5, 'pending');
  hub.applied(hub.mutation(0), 6);
  await settle();
  expect([model.get('title'), stateOf().changed]).toEqual(['Mine', []]);
});

it('[TB42] what was refused here stays where another tab sends the same and is refused, too', async () => {
  const [here, there] = [freshBackbone(), freshBackbone()];
  const world = testMedulla(here, {
    resources: { '/tasks': { public: true } },
    records: { '/tasks': [{ id: 1, ...OLD }] },
  });
  world.tab(there);
  const [mine, theirs] = [here, there].map((backbone) => {
    const tasks = new (backbone.Collection.extend({ url: '/tasks', follow: true }))();
    tasks.fetch();
    return tasks;
  });
  await world.settle();
  const titles = () => [mine, theirs].map((tasks) => tasks?.get(1)?.get('title'));
  world.server.refuse(({ set }) => set.title === 'Mine' && 'A better title, please');
  mine?.get(1)?.save({ title: 'Mine' });
  await world.settle();
  expect(titles()).toEqual(['Mine', 'Old']);
  world.line.cut();
  theirs?.get(1)?.save({ title: 'Mine' });
  await world.settle();
  expect(titles()).toEqual(['Mine', 'Mine']);
  world.line.mend();
  await world.settle();
  expect(titles()).toEqual(['Mine', 'Old']);
  await world.close();
});
