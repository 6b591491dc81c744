import { describe, expect, it } from 'vitest';
import { board, ids, request } from './support/board.ts';

/** Cards a and b, and a page that looks at them once. */
async function two() {
  const world = await board();
  await world.publish(['a', { title: 'A' }], ['b', { title: 'B' }]);
  const page = await world.open();
  const Card = page.backbone.Model.extend({ urlRoot: '/cards' });
  const cards = await page.cards({ follow: false, model: Card });
  return { ...world, page, cards, Card };
}

describe('a fetch of a collection', () => {
  it.each([
    ['network', 'B2', 200],
    [true, 'B2', 200],
    ['reload', 'B2', 200],
    [false, 'B2', 200],
    ['first', 'B', 304],
    ['only', 'B', 304],
  ])(
    '[RD5] of a topic that nobody follows, with cache %s, gives %s with status %i',
    async (cache, title, status) => {
      const { resource, browser, cards } = await two();
      await resource.publish({ record: 'b', set: { title: 'B2' } });
      const fetched = request(cards.fetch({ cache } as object));
      await browser.settle();
      expect([cards.get('b')?.get('title'), fetched.status]).toEqual([title, status]);
    },
  );

  it.each([
    [undefined, 0, 200],
    ['first', 0, 200],
    ['only', 0, 200],
    ['reload', 1, 200],
  ])('[RD5] of a followed one, with cache %s, asks the server %i times', async (cache, times, status) => {
    const { page, browser, asked } = await two();
    const cards = await page.cards();
    const before = asked('follow');
    const fetched = request(cards.fetch({ cache } as object));
    await browser.settle();
    expect([ids(cards), fetched.status, asked('follow') - before]).toEqual([['a', 'b'], status, times]);
  });

  it.each([
    [{}, ['A2', 'B2', 'C']],
    [{ add: false }, ['A2', 'B2']],
    [{ merge: false }, ['A', 'B', 'C']],
    [{ remove: false }, ['A2', 'B2', 'C', 'local']],
    [{ reset: true }, ['A2', 'B2', 'C']],
  ])('[RD6] with the option %o does what stock Backbone does', async (options, titles) => {
    const { resource, browser, cards, page } = await two();
    cards.add({ id: 'x', title: 'local' });
    await resource.publish([
      { record: 'a', set: { title: 'A2' } },
      { record: 'b', set: { title: 'B2' } },
      { record: 'c', set: { title: 'C' } },
    ]);
    let resets = 0;
    cards.on('reset', () => resets++);
    cards.fetch(options);
    await browser.settle();
    expect([cards.pluck('title').sort(), resets]).toEqual([titles, 'reset' in options ? 1 : 0]);
    expect(cards.models.filter((model) => page.medulla.stateOf(model).changed.length > 0)).toEqual([]);
  });

  it('[RD6] with merge: false leaves what a model held that it never fetched as an unsaved edit', async () => {
    const { browser, page } = await two();
    const Cards = page.backbone.Collection.extend({ url: '/cards' }) as never as new (
      models: object[],
    ) => InstanceType<typeof page.backbone.Collection>;
    const cards = new Cards([{ id: 'a', title: 'mine' }]);
    cards.fetch({ merge: false });
    await browser.settle();
    expect(cards.pluck('title')).toEqual(['mine', 'B']);
    cards.get('a')?.save();
    await browser.settle();
    const fresh = await page.cards();
    expect(fresh.get('a')?.get('title')).toBe('mine');
  });

  it('[RD7] gives its own parse the records, and each model’s what is in it; a model’s alone what changes', async () => {
    const { page, publish } = await two();
    const model = page.backbone.Model.extend({
      idAttribute: '_id',
      parse: ({ title, ...rest }: { title: string }) => ({ ...rest, name: title.toLowerCase() }),
    });
    const given: unknown[] = [];
    const cards = await page.cards({
      model,
      parse(records: object[]) {
        given.push(records);
        return records.map((record) => ({ ...record, local: true }));
      },
    });
    expect(given).toEqual([
      [
        { _id: 'a', title: 'A' },
        { _id: 'b', title: 'B' },
      ],
    ]);
    await publish(['a', { title: 'A2' }]);
    expect([given.length, cards.toJSON()]).toEqual([
      1,
      [
        { _id: 'a', name: 'a2', local: true },
        { _id: 'b', name: 'b', local: true },
      ],
    ]);
    cards.get('b')?.save({ name: 'B3' });
    expect(page.medulla.stateOf(cards.get('b') as object).state).toBe('pending');
  });
});
