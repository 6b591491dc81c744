import { describe, expect, it } from 'vitest';
import { board, eventsOf, ids } from './support/board.ts';

const OPEN = { follow: { where: { done: false } } };

describe('a collection with a where', () => {
  it.each([
    ['of its class', OPEN, {}],
    ['of the fetch', {}, { where: { done: false } }],
    ['of the fetch’s follow', { follow: false }, OPEN],
    ['that is a function', { follow: { where: (attrs: { done: boolean }) => !attrs.done } }, {}],
    ['that is a function of the record', { follow: { where: (_: object, id: string) => id !== 'b' } }, {}],
  ])('[QV1] holds the records that match, by a where %s', async (_what, properties, options) => {
    const { open, publish } = await board();
    await publish(['a', { done: false }], ['b', { done: true }], ['c', { done: false }]);
    const cards = await (await open()).cards(properties, options);
    expect(ids(cards)).toEqual(['a', 'c']);
  });

  it('[QV1] compares by value what parse and defaults made of the record, under the model’s own name for the id', async () => {
    const { open, publish } = await board();
    await publish(
      ['a', { at: 86_400_000, tags: ['x'] }],
      ['b', { at: 0, tags: ['x'] }],
      ['c', { tags: ['y'] }],
    );
    const page = await open();
    let made = 0;
    const Card = page.backbone.Model.extend({
      idAttribute: '_id',
      defaults: () => ({ at: 86_400_000 }),
      initialize: () => ++made,
      parse: ({ at, ...rest }: { at?: number }) => ({
        ...rest,
        ...(at !== undefined && { at: new Date(at) }),
      }),
    });
    const seen: unknown[] = [];
    const where = (attrs: { at: Date | number; _id: string; tags: string[] }) => {
      seen.push(attrs._id);
      return Number(attrs.at) > 0;
    };
    expect((await page.cards({ model: Card, follow: { where } })).pluck('_id')).toEqual(['a', 'c']);
    expect([made, seen]).toEqual([2, ['a', 'b', 'c']]);
    const first = await page.cards({
      model: Card,
      follow: { where: { at: new Date(86_400_000), tags: ['x'] } },
    });
    expect(first.pluck('_id')).toEqual(['a']);
  });

  it('[QV1] whose model is chosen by a function asks the model that it would make', async () => {
    const { open, publish } = await board();
    await publish(['a', { kind: 'bug', n: 1 }], ['b', { kind: 'task', n: 1 }]);
    const page = await open();
    const Bug = page.backbone.Model.extend({ parse: (json: { n: number }) => ({ ...json, n: json.n * 10 }) });
    function model(attrs: { kind: string }, options: object) {
      return attrs.kind === 'bug' ? new Bug(attrs, options) : new page.backbone.Model(attrs, options);
    }
    const cards = await page.cards({ model, follow: { where: { n: 10 } } });
    expect(ids(cards)).toEqual(['a']);
  });

  it('[QV2] takes in what begins to match and lets go what ceases to, in every tab', async () => {
    const { open, publish } = await board();
    await publish(['a', { done: false }], ['b', { done: true }], ['c', { done: true }]);
    const [here, there] = [await open(), await open()];
    const [cards, others] = [await here.cards(OPEN), await there.cards(OPEN)];
    const events = eventsOf(cards);
    const a = cards.get('a');
    await publish(['a', { done: true, title: 'A' }], ['b', { done: false }], ['c', { done: false }]);
    expect([ids(cards), ids(others)]).toEqual([
      ['b', 'c'],
      ['b', 'c'],
    ]);
    expect(events).toEqual([
      ['change', true],
      ['add', true],
      ['add', true],
      ['update', true],
      ['remove', true],
      ['update', true],
    ]);
    // It is no longer a member, and a model all the same.
    expect([a?.isNew(), a?.get('title'), a?.url()]).toEqual([false, 'A', '/cards/a']);
    await publish(['b', null]);
    expect([ids(cards), ids(others)]).toEqual([['c'], ['c']]);
  });

  it('[QV2] keeps a model that left usable: saved so that it matches, the same one is back', async () => {
    const { open, publish } = await board();
    await publish(['a', { done: false }]);
    const cards = await (await open()).cards(OPEN);
    const a = cards.get('a');
    await publish(['a', { done: true }]);
    expect(cards.length).toBe(0);
    a?.save({ done: false });
    expect(cards.models).toEqual([a]);
  });

  it('[QV5] keeps a model with unsaved edits until they are saved, or overwritten by a fetch, whoever made the record cease to match', async () => {
    const { open, publish, browser } = await board();
    await publish(['a', { done: false }], ['b', { done: false }]);
    const cards = await (await open()).cards(OPEN);
    const [a, b] = [cards.get('a'), cards.get('b')];
    a?.set({ done: true });
    b?.set({ title: 'typing' });
    await publish(['b', { done: true }], ['a', { title: 'theirs' }]);
    expect([ids(cards), b?.get('done'), a?.get('title')]).toEqual([['a', 'b'], true, 'theirs']);
    a?.save();
    b?.fetch();
    await browser.settle();
    expect(ids(cards)).toEqual([]);
  });

  it('[QV5] lets a model go whose edits have become what others made of the record', async () => {
    const { open, publish } = await board();
    await publish(['a', { done: false }]);
    const cards = await (await open()).cards(OPEN);
    cards.get('a')?.set({ done: true });
    expect(ids(cards)).toEqual(['a']);
    await publish(['a', { done: true }]);
    expect(ids(cards)).toEqual([]);
  });

  it('[QV6] changes its where by being followed again, and fetches by it', async () => {
    const { open, publish } = await board();
    await publish(['a', { done: false }], ['b', { done: true }]);
    const page = await open();
    const cards = await page.cards(OPEN);
    page.medulla.follow(cards, { where: { done: true } });
    await publish(['c', { done: true }]);
    expect(ids(cards)).toEqual(['b', 'c']);
    cards.fetch();
    await publish(['d', { done: false }]);
    expect(ids(cards)).toEqual(['b', 'c']);
    page.medulla.follow(cards, { where: null });
    await publish(['e', { done: true }]);
    expect(ids(cards)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('[QV2] reports a where that throws, and leaves out that record alone', async () => {
    const { open, publish } = await board();
    await publish(['a', { done: false }], ['b', {}]);
    const page = await open();
    const where = ({ done }: { done?: boolean }) => !(done as boolean).valueOf();
    const cards = await page.cards({ follow: { where } });
    await publish(['c', {}], ['d', { done: false }]);
    expect([ids(cards), page.reported.length]).toEqual([['a', 'd'], 2]);
  });
});
