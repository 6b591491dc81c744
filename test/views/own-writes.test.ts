import { describe, expect, it } from 'vitest';
import type { Mutation } from '../../src/protocol/mutation.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { board, eventsOf, ids } from './support/board.ts';

const OPEN = { follow: { where: { done: false } } };
const DONE = { follow: { where: { done: true } } };

/** Two tabs, each with all cards, the open ones and those that are done: 'a' is open, 'z' is done. */
async function tabs() {
  const world = await board();
  world.resource.use('create', 'update', 'patch', (ctx, next) => {
    if (ctx.set.title === 'bad') throw new Refusal('Not that title');
    return next();
  });
  await world.publish(['a', { done: false }], ['z', { done: true }]);
  const tab = async () => {
    const page = await world.open();
    return { page, all: await page.cards(), open: await page.cards(OPEN), done: await page.cards(DONE) };
  };
  const [here, there] = [await tab(), await tab()];
  const shown = ({ all, open, done }: typeof here) => [
    ids(all).join(''),
    ids(open).join(''),
    ids(done).join(''),
  ];
  return { ...world, here, there, shown };
}

describe('a write through one of several collections of a topic', () => {
  it('[QV3] is an update: the record leaves one and enters another in the same call, then in the other tab', async () => {
    const { browser, here, there, shown } = await tabs();
    const a = here.open.get('a');
    const events = eventsOf(here.open);
    a?.save({ done: true });
    expect(shown(here)).toEqual(['az', '', 'az']);
    expect([here.done.get('a')?.get('done'), here.all.get('a')?.get('done')]).toEqual([true, true]);
    expect(events).toEqual([
      ['change', false],
      ['remove', true],
      ['update', true],
    ]);
    await browser.settle();
    expect(shown(there)).toEqual(['az', '', 'az']);
    here.done.get('a')?.save({ done: false });
    expect(shown(here)).toEqual(['az', 'a', 'z']);
    expect(here.open.pluck('done')).toEqual([false]);
  });

  it('[QV3] is a create or a destroy: the record comes into all that it matches, and goes from all', async () => {
    const { browser, here, there, shown } = await tabs();
    here.all.create({ id: 'n', done: false });
    expect(shown(here)).toEqual(['anz', 'an', 'z']);
    await browser.settle();
    expect(shown(there)).toEqual(['anz', 'an', 'z']);
    here.open.get('n')?.destroy();
    here.done.get('z')?.destroy();
    expect(shown(here)).toEqual(['a', 'a', '']);
    await browser.settle();
    expect(shown(there)).toEqual(['a', 'a', '']);
  });

  it('[QV3] is of a model without a collection, a patch, or waits for the server', async () => {
    const { browser, here, shown } = await tabs();
    const Card = here.page.backbone.Model.extend({ urlRoot: '/cards' });
    const a = new Card({ id: 'a' });
    a.fetch();
    await browser.settle();
    a.save({ done: true }, { patch: true });
    expect(shown(here)).toEqual(['az', '', 'az']);
    here.all.get('z')?.save({ done: false }, { wait: true });
    expect(shown(here)).toEqual(['az', '', 'az']);
    await browser.settle();
    expect(shown(here)).toEqual(['az', 'z', 'a']);
    new Card().save({ id: 'n', done: false });
    expect(shown(here)).toEqual(['anz', 'nz', 'a']);
  });

  it('[QV3] undoes what it did where it is refused: the model is back, its edits with it', async () => {
    const { browser, here, there, shown } = await tabs();
    const a = here.open.get('a');
    a?.save({ done: true, title: 'bad' });
    expect(shown(here)).toEqual(['az', '', 'az']);
    await browser.settle();
    expect(shown(here)).toEqual(['az', 'a', 'z']);
    expect(shown(there)).toEqual(['az', 'a', 'z']);
    expect(here.open.models).toEqual([a]);
    expect(a?.attributes).toEqual({ id: 'a', done: true, title: 'bad' });
    expect(here.all.get('a')?.get('done')).toBe(false);
  });

  it('[QV3] undoes it after a 202 as well, in both tabs', async () => {
    const { browser, online, here, there, shown } = await tabs();
    await online(false);
    const a = here.open.get('a');
    a?.save({ done: true, title: 'bad' });
    here.done.get('z')?.save({ done: false });
    await browser.settle();
    expect([shown(here), shown(there)]).toEqual([
      ['az', 'z', 'a'],
      ['az', 'z', 'a'],
    ]);
    await online(true);
    expect([shown(here), shown(there)]).toEqual([
      ['az', 'az', ''],
      ['az', 'az', ''],
    ]);
    expect(here.open.get('a')).toBe(a);
  });
});

describe('the receipt of a write', () => {
  it('[QV9] is true of the other models of its record: what is saved through one has it as its base', async () => {
    const { browser, here } = await tabs();
    here.all.create({ id: 'n', done: false });
    await browser.settle();
    const mutations = () =>
      browser.network.asked.flatMap(({ name, request }) =>
        name === 'push' ? (request as { mutations: { mutation: Mutation }[] }).mutations : [],
      );
    here.open.get('n')?.save({ title: 'first' });
    await browser.settle();
    here.all.get('n')?.save({ title: 'second' });
    await browser.settle();
    expect(mutations().map(({ mutation: { base, set } }) => [base, set])).toEqual([
      [null, { done: false }],
      [3, { title: 'first' }],
      [4, { title: 'second' }],
    ]);
  });

  it('[QV9] ends the refusal of a write that came through another of them', async () => {
    const { browser, online, here } = await tabs();
    const { medulla } = here.page;
    await online(false);
    const [a, other] = [here.open.get('a') as object, here.all.get('a')];
    here.open.get('a')?.save({ title: 'bad' });
    await online(true);
    expect(medulla.stateOf(a).state).toBe('rejected');
    other?.save({ title: 'good' });
    await browser.settle();
    expect([medulla.stateOf(a).state, medulla.stateOf(other as object).state]).toEqual(['clean', 'clean']);
  });

  it('[TB35] of a destroy leaves a patch behind it whole, in all collections that it belongs to', async () => {
    const { browser, here, there, shown } = await tabs();
    const a = here.all.get('a');
    a?.destroy({ wait: true });
    a?.save({ title: 'again' }, { patch: true, wait: true });
    await browser.settle();
    expect(shown(here)).toEqual(['az', 'a', 'z']);
    expect(shown(there)).toEqual(['az', 'a', 'z']);
    expect(there.all.get('a')?.attributes).toEqual({ id: 'a', done: false, title: 'again' });
  });
});

describe('a create through a collection that its record does not match', () => {
  it('[QV4] stays until the server has confirmed it, and leaves then', async () => {
    const { browser, here, there, shown } = await tabs();
    const events = eventsOf(here.open);
    const model = here.open.create({ id: 'n', done: true });
    expect(shown(here)).toEqual(['anz', 'an', 'nz']);
    model.save({ title: 'more' });
    here.open.fetch();
    await browser.settle();
    expect(shown(here)).toEqual(['anz', 'a', 'nz']);
    expect(shown(there)).toEqual(['anz', 'a', 'nz']);
    expect(events.at(-2)).toEqual(['remove', true]);
    expect(model.isNew()).toBe(false);
  });

  it('[QV4] stays over a 202 and a fetch, also with wait where it is added with the answer only', async () => {
    const { browser, online, here, shown } = await tabs();
    await online(false);
    here.open.create({ id: 'n' });
    await browser.settle();
    here.open.fetch();
    await browser.settle();
    expect(shown(here)).toEqual(['anz', 'an', 'z']);
    await online(true);
    expect(shown(here)).toEqual(['anz', 'a', 'z']);
    here.open.create({ id: 'w' }, { wait: true });
    await browser.settle();
    expect(shown(here)).toEqual(['anwz', 'a', 'z']);
  });

  it('[QV4] stays for good where what the server makes of it matches', async () => {
    const { browser, resource, here, there, shown } = await tabs();
    resource.use('create', 'update', (ctx, next) => {
      ctx.set.done ??= false;
      return next();
    });
    const events = eventsOf(here.open);
    here.open.create({ id: 'n', title: 'no word of done' });
    await browser.settle();
    expect(shown(here)).toEqual(['anz', 'an', 'z']);
    expect(shown(there)).toEqual(['anz', 'an', 'z']);
    expect(events.filter(([name]) => name === 'remove')).toEqual([]);
  });

  it('[QV4] is refused: it stays until somebody decides', async () => {
    const { browser, here, there } = await tabs();
    const model = here.open.create({ title: 'bad' });
    await browser.settle();
    expect([here.open.length, here.page.medulla.stateOf(model).state]).toEqual([2, 'rejected']);
    model.save({ title: 'good', done: false });
    await browser.settle();
    expect([here.open.length, there.open.length]).toEqual([2, 2]);
  });
});
