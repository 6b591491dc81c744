import type Backbone from 'backbone';
import { expect } from 'vitest';
import type { Request } from '../../src/client/calls/request.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import type { Sent } from '../../src/protocol/server-up.ts';
import type { Context } from '../../src/server/resource/context.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { requestOf } from '../client/support/backbone-request.ts';
import { testCore } from '../server/support/test-core.ts';
import { type Page, SharedBrowser } from '../users/shared-browser.ts';

export interface Item {
  readonly attributes: Record<string, unknown>;
  retry(edit?: object): void;
  discard(): void;
}

/** Long enough for a write to be answered with 202, and for a link that was lost to be there again. */
export const LATE = 4_000;
export const AGES = 60_000;

/**
 * A browser of ann's with two pages, each with its tasks, and one record 'first' in all of them. The server refuses what
 * is titled 'bad' and deletes of what is titled 'kept', fails on 'stuck', and whoever sends 'poison' loses the connection.
 */
export async function world() {
  const store = memoryStore({ random: seededRandom(2) });
  const { core } = testCore({ store });
  const browser = new SharedBrowser(core);
  const { network } = browser;
  const rules = { isOpen: false };
  const isTitled = ({ set }: Context, title: string) => !rules.isOpen && set.title === title;
  core
    .resource('/tasks', { public: true })
    .use('create', 'update', 'patch', (ctx, next) => {
      if (isTitled(ctx, 'bad')) throw new Refusal('Not bad', { code: 'invalid' });
      if (isTitled(ctx, 'stuck')) throw new Error('The disk of the server is full');
      if (isTitled(ctx, 'poison')) {
        network.online = false;
        network.online = true;
        return new Promise(() => undefined);
      }
      return next();
    })
    .use('delete', async (ctx, next) => {
      const rows = await rowsOf();
      if (!rules.isOpen && rows[String(ctx.record)]?.title === 'kept')
        throw new Refusal('Kept', { code: 'forbidden' });
      return next();
    });

  /** What the server has, by id. */
  async function rowsOf(): Promise<Record<string, Attributes>> {
    const { rows } = await store.page('/tasks' as Topic, null, { rows: 100, bytes: 1e6 });
    return Object.fromEntries(rows.map(([id, , attrs]) => [id, attrs]));
  }

  const titlesHere = () => titlesOf(page);
  const titlesThere = () => titlesOf(other);
  const there = async () =>
    Object.values(await rowsOf())
      .map(({ title }) => title)
      .sort();

  const page = await browser.open({ user: 'ann' });
  const other = await browser.open({ user: 'ann' });
  const first = page.tasks.create({ title: 'first' });
  await browser.settle();
  return {
    ...page,
    page,
    other,
    store,
    core,
    browser,
    network,
    rules,
    first,
    outbox: itemsOf(page),
    told: toldOf(page),
    toldThere: toldOf(other),
    titles: titlesHere,
    titlesThere,
    /** The titles that the server has. */
    there,
    /** Both pages and the server have these. */
    everywhere: async (titles: readonly string[]) =>
      expect([titlesHere(), titlesThere(), await there()]).toEqual([titles, titles, titles]),
    rowsOf,
    /** What has been pushed, in order, repeats too. */
    pushed: () =>
      network.asked.flatMap(({ name, request }) =>
        name === 'push' ? (request as { mutations: Sent[] }).mutations.map(({ mutation }) => mutation) : [],
      ),
    async offline() {
      network.online = false;
      await browser.settle();
    },
    async online() {
      network.online = true;
      await browser.settle(AGES);
    },
    /** All that the page and its hub have in memory is gone; another page opens. */
    async reload(): Promise<Page> {
      page.process.kill();
      other.process.kill();
      browser.killHub('ann');
      const again = await browser.open({ user: 'ann' });
      await browser.settle(LATE);
      return again;
    },
  };
}

export const itemsOf = ({ medulla }: Page) =>
  (medulla.outbox as unknown as { readonly models: readonly Item[] }).models;

export const titlesOf = ({ tasks }: Page) => tasks.pluck('title').sort();

/** What a page's tasks have been told of failures and restorations: 'error invalid late'. */
export function toldOf({ tasks }: Page): string[] {
  const told: string[] = [];
  tasks.on('error', (_model, { responseJSON, statusText }, { late }) =>
    told.push(`error ${responseJSON?.code ?? statusText}${late ? ' late' : ''}`),
  );
  tasks.on('medulla:rejected', (_model, { code }) => told.push(`rejected ${code}`));
  tasks.on('medulla:confirmed', () => told.push('confirmed'));
  tasks.on('add', (_model, _tasks, { restored }) => restored && told.push('restored'));
  return told;
}

/** A request as it ended: its number, and why it failed. */
export const endOf = ({ status, statusText, responseJSON }: Request) =>
  [status, statusText, (responseJSON as { unknown?: true } | undefined)?.unknown ?? false] as const;

export const save = (model: Backbone.Model, attrs: object | null, options: object = {}): Request =>
  requestOf(model.save(attrs, options as Backbone.ModelSaveOptions));
