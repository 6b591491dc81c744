import { describe, expect, it } from 'vitest';
import { board, eventsOf, ids, request } from './support/board.ts';

const PAGE = { data: { done: false } };

/** Cards a and b are open, z is done; a page shows what the query finds. */
async function queried(properties = {}) {
  const world = await board();
  await world.publish(['a', { done: false }], ['b', { done: false }], ['z', { done: true }]);
  const page = await world.open();
  const cards = await page.cards(properties, PAGE);
  expect(ids(cards)).toEqual(['a', 'b']);
  return { ...world, page, cards };
}

describe('a collection that was fetched with a query', () => {
  it('[QV7] has its members updated and removed by changes, and gets none by them', async () => {
    const { cards, publish } = await queried();
    const events = eventsOf(cards);
    await publish(['a', { title: 'A' }], ['b', null], ['c', { done: false }]);
    expect([cards.pluck('title'), ids(cards)]).toEqual([['A'], ['a']]);
    expect(events).toEqual([
      ['change', true],
      ['update', true],
      ['remove', true],
      ['update', true],
    ]);
    await publish(['a', { done: true }]);
    expect(ids(cards)).toEqual(['a']);
  });

  it('[QV7] gets and loses members by its where', async () => {
    const { cards, publish } = await queried({ follow: { where: { done: false } } });
    await publish(['a', { done: true }], ['z', { done: false }], ['c', { done: false }]);
    expect(ids(cards)).toEqual(['b', 'c', 'z']);
  });

  it('[QV7] is the whole topic again by a fetch without one, and one of a url with a query always', async () => {
    const { page, cards, browser, publish } = await queried();
    cards.fetch();
    await browser.settle();
    await publish(['c', { done: true }]);
    expect(ids(cards)).toEqual(['a', 'b', 'c', 'z']);
    const done = await page.cards({ url: '/cards?done=true' });
    await publish(['d', { done: true }]);
    expect(ids(done)).toEqual(['c', 'z']);
    const followed = new (page.backbone.Collection.extend({ url: '/cards?done=true' }))();
    page.medulla.follow(followed);
    await browser.settle();
    await publish(['e', { done: true }]);
    expect(followed.pluck('id').sort()).toEqual(['c', 'd', 'z']);
  });

  it('[QV7] is not entered by what another collection creates, and keeps what is created through it', async () => {
    const { page, cards, browser } = await queried();
    const all = await page.cards();
    all.create({ id: 'n', done: false });
    cards.create({ id: 'o', done: true });
    expect(ids(cards)).toEqual(['a', 'b', 'o']);
    await browser.settle();
    expect(ids(cards)).toEqual(['a', 'b', 'o']);
    cards.fetch(PAGE);
    await browser.settle();
    expect(ids(cards)).toEqual(['a', 'b', 'n']);
  });
});

describe('a query, offline', () => {
  it('[QV8] has the last answer, as stale, with what is on its way on top: by its own reading of it', async () => {
    const { page, cards, browser, online } = await queried();
    await online(false);
    const all = await page.cards();
    all.create({ id: 'n', done: false });
    all.create({ id: 'o', done: true });
    all.get('a')?.save({ title: 'A' });
    all.get('b')?.destroy();
    all.get('z')?.save({ done: false });
    const fetched = request(cards.fetch(PAGE));
    await browser.settle();
    expect(fetched).toMatchObject({ status: 304, source: 'replica', stale: true });
    expect([ids(cards), cards.get('a')?.get('title')]).toEqual([['a', 'n', 'z'], 'A']);
  });

  it('[QV8] asks the where, where there is one, whoever made the writes', async () => {
    const where = ({ title = '' }: { title?: string }) => title.startsWith('x');
    const { publish, open, browser, online } = await queried();
    await publish(['a', { title: 'xa' }], ['b', { title: 'yb' }]);
    const [page, there] = [await open(), await open()];
    const cards = await page.cards({}, { ...PAGE, where });
    const others = await there.cards();
    expect(ids(cards)).toEqual(['a']);
    await online(false);
    others.create({ id: 'n', title: 'xn', done: true });
    others.create({ id: 'o', title: 'yo', done: false });
    others.get('b')?.save({ title: 'xb' });
    others.get('z')?.save({ title: 'xz' });
    await browser.settle();
    expect(ids(cards)).toEqual(['a', 'b', 'n', 'z']);
    cards.fetch(PAGE);
    await browser.settle();
    expect(ids(cards)).toEqual(['a', 'b', 'n', 'z']);
  });

  it('[QV8] is an error of status 0 where nothing is kept of it', async () => {
    const { page, cards, browser, online } = await queried();
    await online(false);
    const failed = request(cards.fetch({ data: { done: true } }));
    await browser.settle();
    await expect(failed).rejects.toMatchObject({ status: 0, code: 'unreachable' });
    expect(ids(cards)).toEqual(['a', 'b']);
    const [kept, none] = [
      await page.cards({}, { ...PAGE, cache: 'only' }),
      await page.cards({}, { data: { x: 1 } }),
    ];
    expect([ids(kept), none.length]).toEqual([['a', 'b'], 0]);
  });

  it('[QV8] outlives the browser, of a topic that nobody follows', async () => {
    const { browser, online, open, publish } = await board();
    await publish(['a', { done: false }], ['z', { done: true }]);
    await (await open()).cards({ follow: false }, PAGE);
    await browser.settle(1_000);
    browser.kill();
    await online(false);
    const cards = await (await open()).cards({ follow: false }, PAGE);
    expect(cards.toJSON()).toEqual([{ id: 'a', done: false }]);
  });
});
