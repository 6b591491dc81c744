import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { type BoardPage, board, ids } from './support/board.ts';

const WHERES = [
  { name: 'low', where: (attrs: { n?: number }) => (attrs.n ?? 0) < 2 },
  { name: 'one', where: { n: 1 } },
  { name: 'named', where: { title: 'x', n: 2 } },
];
const NAMES = ['x', 'y', 'bad'];
const RECORDS = ['a', 'b', 'c', 'd', 'e'];

interface Tab {
  readonly page: BoardPage;
  readonly all: Backbone.Collection;
  readonly parts: readonly Backbone.Collection[];
}

const fits = (i: number, attrs: object) => {
  const where = WHERES[i]?.where;
  if (typeof where === 'function') return where(attrs);
  return Object.entries(where ?? {}).every(
    ([name, value]) => (attrs as Record<string, unknown>)[name] === value,
  );
};

/** Two tabs with four collections each do as the dice say, some of it offline, some of it refused; others write too. */
async function walk(seed: number, steps: number, serverIds = false) {
  const random = seededRandom(seed);
  const dice = (n: number) => Math.floor(random.next() * n);
  const pick = <T>(list: readonly T[]) => list[dice(list.length)] as T;
  const world = await board();
  world.resource.use('create', 'update', 'patch', (ctx, next) => {
    if (ctx.set.title === 'bad') throw new Refusal('Not that title');
    return next();
  });
  await world.publish(['a', { n: 0, title: 'x' }], ['b', { n: 1, title: 'x' }], ['c', { n: 2, title: 'x' }]);
  const tabs: Tab[] = [];
  for (let i = 0; i < 2; i++) {
    const page = await world.open(serverIds ? { ids: 'server' } : {});
    // It is told what is in the outbox from here on.
    expect(page.medulla.outbox.length).toBe(0);
    const parts = [];
    for (const { where } of WHERES) parts.push(await page.cards({ follow: { where } }));
    tabs.push({ page, all: await page.cards(), parts });
  }
  /** What a tab shows of the topic is what each of its views shows of it, by its own models. */
  const check = (tab: Tab, where: string) => {
    for (const [i, part] of tab.parts.entries()) {
      const shown = tab.all.models.filter(({ attributes }) => fits(i, attributes));
      expect([where, WHERES[i]?.name, part.pluck('id').sort()]).toEqual([
        where,
        WHERES[i]?.name,
        shown.map(({ id }) => id).sort(),
      ]);
    }
  };
  let online = true;
  for (let step = 0; step < steps; step++) {
    const tab = pick(tabs);
    const from = pick([tab.all, ...tab.parts]);
    const model = pick(from.models) as Backbone.Model | undefined;
    const attrs = { n: dice(3), title: pick(NAMES) };
    const wait = dice(4) === 0;
    const what = pick([
      'create',
      'save',
      'save',
      'save',
      'patch',
      'destroy',
      'publish',
      'gone',
      'line',
      'fetch',
      'rest',
    ]);
    const id = RECORDS[step % 5] as string;
    if (what === 'create' && serverIds) from.create(attrs, { wait });
    else if (what === 'create' && !tab.all.get(id)) tab.all.create({ ...attrs, id }, { wait });
    if (what === 'save') model?.save(attrs, { wait });
    if (what === 'patch') model?.save({ n: attrs.n }, { patch: true, wait });
    if (what === 'destroy') model?.destroy({ wait });
    if (what === 'publish') await world.publish([pick(RECORDS), attrs]);
    if (what === 'gone') await world.publish([pick(RECORDS), null]);
    if (what === 'fetch') from.fetch();
    if (what === 'line') {
      online = !online;
      await world.online(online);
    }
    if (what === 'rest') await world.browser.settle();
  }
  await world.online(true);
  // What was refused is given up, and what was edited by that is fetched anew.
  for (const { page, all, parts } of tabs) {
    for (const item of [...page.medulla.outbox.models]) (item as never as { discard(): void }).discard();
    await world.browser.settle();
    for (const cards of [all, ...parts])
      for (const model of cards.models.filter((one) => page.medulla.stateOf(one).changed.length > 0))
        if (model.isNew()) cards.remove(model);
        else model.fetch();
    await world.browser.settle();
  }
  for (const [i, tab] of tabs.entries()) check(tab, `seed ${seed} tab ${i}`);
  expect(ids(tabs[0]?.all as Backbone.Collection)).toEqual(ids(tabs[1]?.all as Backbone.Collection));
  expect(tabs.flatMap(({ page }) => page.reported)).toEqual([]);
}

describe('views of one topic, whatever is done', () => {
  it('[QV3] show what the topic shows, in both tabs, when all is quiet', async () => {
    for (let seed = 1; seed <= Number(process.env.WALKS ?? 40); seed++) await walk(seed, 30);
  }, 60_000);

  it('[QV3] show what the topic shows, also where the server gives the ids', async () => {
    for (let seed = 1; seed <= Number(process.env.WALKS ?? 40); seed++) await walk(seed, 30, true);
  }, 60_000);
});
