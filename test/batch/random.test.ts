import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import type { Page } from '../migrate/browser.ts';
import { deploy, rowsOf } from '../migrate/deploy.ts';

const IDS = ['a', 'b', 'c', 'd'];
const STEPS = 60;

interface Item extends Backbone.Model {
  retry(edit?: object): void;
  discard(): void;
}

/** A page that makes batches, a third of them refused, and decides about them, while links, hubs and browsers die. */
class Run {
  readonly #world = deploy();
  readonly #pick: (n: number) => number;
  /** What each batch has written to: it leaves its number on all of that. */
  readonly #batches: string[][] = [];
  #page: Page | undefined;

  constructor(seed: number) {
    const random = seededRandom(seed);
    this.#pick = (n) => Math.floor(random.next() * n);
    this.#world.tasks.use('create', 'patch', ({ set }, next) => {
      if ('bad' in set) throw new Refusal('Not that', { code: 'invalid' });
      return next();
    });
  }

  /** The batches of which the server has a part; what is left on its way; how many writes of batches it was sent. */
  async result(): Promise<{ parts: string[][]; pending: unknown; sent: number }> {
    const { browser, core } = this.#world;
    await this.#open();
    for (const id of IDS) this.#tasks.create({ id });
    await browser.settle();
    for (let step = 0; step < STEPS; step++) await this.#step();
    browser.network.online = true;
    await browser.settle(60_000);
    const rows = new Map((await rowsOf(core)).map((row) => [row.id, row as object]));
    const parts = this.#batches.filter((ids, n) => {
      const there = ids.filter((id) => `of${n}` in (rows.get(id) ?? {}));
      return there.length > 0 && there.length < ids.length;
    });
    const asked = browser.network.asked.filter(({ name }) => name === 'push');
    const sent = JSON.stringify(asked).split('"batch":').length - 1;
    return { parts, pending: this.#page?.medulla.status.get('pending'), sent };
  }

  get #tasks(): Backbone.Collection {
    return this.#page?.tasks as Backbone.Collection;
  }

  async #open(): Promise<void> {
    this.#page = await this.#world.browser.open();
  }

  async #step(): Promise<void> {
    const { browser } = this.#world;
    const act = this.#pick(14);
    if (act < 5) this.#batch();
    else if (act === 5) browser.network.online = !browser.network.up;
    else if (act === 6) browser.killHub();
    else if (act === 7) browser.network.lost = 1;
    else if (act === 8 || act === 9) await this.#crash(act === 8 ? this.#pick(4) : 0);
    else if (act < 12) this.#decide();
    else await browser.settle(this.#pick(2) ? this.#pick(30) : 2_000);
  }

  /** The browser dies: at once, or in the midst of what it writes. */
  async #crash(commits: number): Promise<void> {
    const { browser } = this.#world;
    if (commits > 0) {
      browser.commits = commits;
      await browser.settle(500);
      browser.commits = Number.POSITIVE_INFINITY;
    }
    browser.kill();
    await this.#open();
  }

  #decide(): void {
    const items = this.#page?.medulla.outbox.models as unknown as Item[];
    const item = items[this.#pick(items.length)];
    if (this.#pick(2)) item?.discard();
    else item?.retry(this.#pick(2) ? { edited: 1 } : undefined);
  }

  /** Not of what is refused: that a later write takes the place of, in a part of its batch. */
  #batch(): void {
    const medulla = this.#page?.medulla;
    const n = this.#batches.length;
    const models = IDS.flatMap((id) => this.#tasks.get(id) ?? []).filter(
      (model) => this.#pick(2) && medulla?.stateOf(model).state !== 'rejected',
    );
    const bad = this.#pick(3) ? -1 : this.#pick(models.length);
    const create = this.#pick(3) === 0 ? [`new${n}`] : [];
    this.#batches.push([...models.map(({ id }) => String(id)), ...create]);
    medulla
      ?.batch(() => {
        for (const [i, model] of models.entries())
          model.save({ [`of${n}`]: 1, ...(i === bad && { bad: 1 }) }, { patch: true });
        for (const id of create) this.#tasks.create({ id, [`of${n}`]: 1 });
      })
      .catch(() => undefined);
  }
}

it('[BA11] a batch is on the server whole or not at all, whatever dies and whatever is decided', async () => {
  let sent = 0;
  for (let seed = 1; seed <= 25; seed++) {
    const result = await new Run(seed).result();
    expect({ seed, parts: result.parts, pending: result.pending }).toEqual({ seed, parts: [], pending: 0 });
    sent += result.sent;
  }
  expect(sent).toBeGreaterThan(250);
}, 30_000);
