import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import type { Browser } from '../migrate/browser.ts';
import { deferred } from '../support/deferred.ts';
import { board, ids, request } from './support/board.ts';

/** Cards a and b, a page, and a server whose reads wait for as long as they are held. */
async function one() {
  let gate = Promise.resolve();
  const world = await board();
  // The server looks at the record first, and asks its application then: what is held here is an old answer.
  world.resource.read(async (_ctx, next) => {
    await gate;
    await next();
  });
  await world.publish(['a', { title: 'A', n: 1 }], ['b', { title: 'B' }]);
  const page = await world.open();
  const Card = page.backbone.Model.extend({ urlRoot: '/cards' }) as new (attrs: object) => Backbone.Model;
  const hold = () => {
    const held = deferred<void>();
    gate = held.promise;
    return async () => {
      held.resolve();
      await world.browser.settle();
    };
  };
  return { ...world, page, Card, hold };
}

async function fetched(model: Backbone.Model, browser: Browser, options = {}) {
  const asked = request(model.fetch(options));
  await browser.settle();
  // It is a promise itself, and not to be waited for here.
  return { asked };
}

describe('a fetch of a model without a collection', () => {
  it('[RD8] is of its record: saved, patched, and destroyed it is found by another page, and then is not', async () => {
    const { browser, Card, open } = await one();
    const card = new Card({ id: 'a' });
    await fetched(card, browser);
    card.save({ title: 'A2' }, { patch: true });
    card.unset('n');
    card.save(null, { patch: true });
    await browser.settle();
    const there = await open();
    const other = new (there.backbone.Model.extend({ urlRoot: '/cards' }))({ id: 'a' });
    await fetched(other, browser);
    expect(other.attributes).toEqual({ id: 'a', title: 'A2' });
    card.destroy();
    await browser.settle();
    await expect((await fetched(other, browser)).asked).rejects.toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });

  it('[RD8] that is not there any more is a 404, which a followed collection loses it by', async () => {
    const { browser, page, online, resource } = await one();
    const cards = await page.cards({ follow: false });
    await resource.publish({ record: 'a', deleted: true });
    const card = cards.get('a') as Backbone.Model;
    await expect((await fetched(card, browser)).asked).rejects.toMatchObject({ status: 404 });
    expect(page.medulla.stateOf(card).state).toBe('clean');
    await online(false);
    await expect((await fetched(card, browser)).asked).rejects.toMatchObject({ status: 0 });
  });

  it('[RD8] offline has what was read of it, with what is on its way on top', async () => {
    const { browser, Card, online, open } = await one();
    await fetched(new Card({ id: 'a' }), browser);
    await browser.settle(1_000);
    browser.kill();
    await online(false);
    const page = await open();
    const card = new (page.backbone.Model.extend({ urlRoot: '/cards' }))({ id: 'a' });
    card.save({ n: 2 }, { patch: true });
    const { asked } = await fetched(card, browser);
    expect([asked.status, card.attributes]).toEqual([304, { id: 'a', title: 'A', n: 2 }]);
  });

  it('[RD9] that has a url and no id is the one record there, with parse, save, patch and changes', async () => {
    const { core, browser, page } = await one();
    const me = core.resource('/me', { public: true });
    await me.publish({ record: '.', set: { name: 'Ada' } });
    const Me = page.backbone.Model.extend({
      url: '/me',
      follow: true,
      parse: ({ name }: { name: string }) => ({ name: name.toUpperCase() }),
    });
    const model = new Me();
    await fetched(model, browser);
    expect(model.attributes).toEqual({ name: 'ADA' });
    await me.publish({ record: '.', set: { name: 'Augusta' } });
    await browser.settle();
    expect(model.attributes).toEqual({ name: 'AUGUSTA' });
    model.save({ name: 'Countess' });
    await browser.settle();
    expect((await fetched(model, browser, { cache: 'reload' })).asked.status).toBe(200);
    expect([model.attributes, model.isNew()]).toEqual([{ name: 'COUNTESS' }, true]);
    const none = new (page.backbone.Model.extend({ url: '/cards/none' }))();
    await expect((await fetched(none, browser)).asked).rejects.toMatchObject({ status: 404 });
  });
});

describe('an answer that comes late', () => {
  it('[RD10] is laid over no change that came meanwhile, of a record that somebody follows', async () => {
    const { browser, page, Card, hold, publish } = await one();
    const followed = await page.cards();
    const card = new Card({ id: 'a' });
    const go = hold();
    card.fetch({ cache: 'reload' } as never);
    followed.fetch({ data: { n: 1 } });
    await browser.settle();
    await publish(['a', { title: 'newer' }], ['b', null]);
    await go();
    expect([card.get('title'), followed.pluck('title')]).toEqual(['newer', ['newer']]);
  });

  it('[RD10] overwrites what was edited before it was asked for, nothing edited or saved since', async () => {
    const { browser, Card, hold } = await one();
    const card = new Card({ id: 'a' });
    await fetched(card, browser);
    card.set({ title: 'before', extra: 1 });
    const go = hold();
    card.fetch();
    await browser.settle();
    card.set({ n: 2 });
    card.save({ size: 3 }, { patch: true });
    await go();
    expect(card.attributes).toEqual({ id: 'a', title: 'A', n: 2, size: 3 });
  });

  it('[RD10] of a collection keeps a model created, and leaves out one destroyed, since it was asked for', async () => {
    const { browser, page, hold } = await one();
    const cards = await page.cards({ follow: false });
    const go = hold();
    cards.fetch({ cache: 'reload' } as never);
    await browser.settle();
    cards.create({ id: 'c' });
    cards.get('b')?.destroy();
    await go();
    expect(ids(cards)).toEqual(['a', 'c']);
  });

  it('[RD10] is dropped where the fetch was aborted, and the next fetch has its own', async () => {
    const { browser, page, Card, hold } = await one();
    const card = new Card({ id: 'a' });
    const go = hold();
    const told: string[] = [];
    const aborted = request(
      card.fetch({ success: () => told.push('success'), error: () => told.push('error') }),
    );
    await browser.settle();
    aborted.abort();
    await go();
    await expect(aborted).rejects.toMatchObject({ code: 'abort', status: 0 });
    expect([card.attributes, told]).toEqual([{ id: 'a' }, ['error']]);
    const cards = new (page.backbone.Collection.extend({ url: '/cards' }))();
    request(cards.fetch()).abort();
    await fetched(card, browser);
    expect([card.get('title'), cards.length]).toEqual(['A', 0]);
  });
});

describe('a collection of models with urls of their own', () => {
  it('[RD11] saves, fetches, follows and destroys each where it belongs, also where two have the same id', async () => {
    const { core, browser, page, publish, Card } = await one();
    const users = core.resource('/users', { public: true });
    await users.publish({ record: 'a', set: { name: 'Ada' } });
    const User = page.backbone.Model.extend({ urlRoot: '/users', follow: true });
    const mixed = new (page.backbone.Collection.extend({
      url: '/cards',
      follow: true,
      modelId: ({ id, name }: { id: string; name?: string }) => `${name ? 'user' : 'card'} ${id}`,
    }))();
    mixed.fetch();
    await browser.settle();
    const user = new User({ id: 'a' });
    await fetched(user, browser);
    mixed.add(user);
    expect(mixed.length).toBe(3);
    await publish(['a', { title: 'changed' }]);
    await users.publish({ record: 'a', set: { name: 'Augusta' } });
    await browser.settle();
    expect(user.attributes).toEqual({ id: 'a', name: 'Augusta' });
    expect(mixed.at(0).attributes).toEqual({ id: 'a', title: 'changed', n: 1 });
    mixed.at(0).save({ n: 2 });
    user.save({ born: 1815 });
    await browser.settle();
    expect(user.attributes).toEqual({ id: 'a', name: 'Augusta', born: 1815 });
    const card = new Card({ id: 'a' });
    await fetched(card, browser);
    expect(card.attributes).toEqual({ id: 'a', title: 'changed', n: 2 });
    await publish(['a', null]);
    expect(mixed.models).toEqual([mixed.at(0), user]);
    user.destroy();
    await browser.settle();
    await expect((await fetched(new User({ id: 'a' }), browser)).asked).rejects.toMatchObject({
      status: 404,
    });
  });
});
