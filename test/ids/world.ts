import type Backbone from 'backbone';
import type { MedullaOptions } from '../../src/client/options.ts';
import { Browser, type Page } from '../migrate/browser.ts';
import { FakePeer } from '../server/support/fake-peer.ts';
import { testCore } from '../server/support/test-core.ts';

export type Tasks = Backbone.Collection & { url: string };

/** What a model's id was, each time that it changed. */
export function idsOf(model: Backbone.Model): unknown[] {
  const ids: unknown[] = [];
  model.on('change:id', () => ids.push(model.id));
  return ids;
}

/** A browser and a server that gives ids. */
export async function world(options: MedullaOptions = { ids: 'server' }) {
  const { core } = testCore();
  for (const path of ['/tasks', '/projects', '/projects/:project/tasks'])
    core.resource(path, { public: true });
  const browser = new Browser(core);
  const page = await browser.open(options);
  const peer = await FakePeer.connect(core);

  async function rowsOf(topic: string) {
    const { rows } = (await peer.ask('read', { topic })) as { rows: [unknown, number, object][] };
    return rows.map(([id, , attrs]) => ({ id, ...attrs }));
  }

  /** The methods that were pushed, with their records. */
  const pushed = () =>
    browser.network.asked.flatMap(({ name, request }) =>
      name === 'push'
        ? (request as { mutations: { mutation: { method: string; record: unknown } }[] }).mutations.map(
            ({ mutation }) => `${mutation.method} ${mutation.record}`,
          )
        : [],
    );
  return { core, browser, page, peer, rowsOf, pushed, open: () => browser.open(options) };
}

/** A followed collection of the page. */
export function collectionOf({ backbone }: Page, url: string | (() => string)): Backbone.Collection {
  const Class = backbone.Collection.extend({ url, follow: true }) as new () => Backbone.Collection;
  const collection = new Class();
  collection.fetch();
  return collection;
}

export const isTemporary = (id: unknown) => /^~[\da-f-]{36}$/.test(String(id));
