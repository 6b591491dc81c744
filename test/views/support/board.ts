import type Backbone from 'backbone';
import type { Request } from '../../../src/client/calls/request.ts';
import type { MedullaOptions } from '../../../src/client/options.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { CoreOptions } from '../../../src/server/core-options.ts';
import type { ResourceOptions } from '../../../src/server/resource/resource.ts';
import { Browser, type Page } from '../../migrate/browser.ts';
import { testCore } from '../../server/support/test-core.ts';

/** A page of the board: real Backbone over a real hub. */
export interface BoardPage extends Page {
  /** A collection of the cards with these properties, fetched. */
  cards(properties?: object, options?: object): Promise<Backbone.Collection>;
}

/** A browser over a real server whose cards anybody may change; `refuse` is asked about each write. */
export async function board(options: ResourceOptions = {}, coreOptions: Partial<CoreOptions> = {}) {
  const { core } = testCore(coreOptions);
  const resource = core.resource('/cards', { public: true, ...options });
  const browser = new Browser(core);
  const open = async (options: MedullaOptions = {}): Promise<BoardPage> => {
    const page = await browser.open(options);
    return {
      ...page,
      async cards(properties = {}, fetchOptions = {}) {
        const Cards = page.backbone.Collection.extend({
          url: '/cards',
          follow: true,
          ...properties,
        }) as new () => Backbone.Collection;
        const cards = new Cards();
        cards.fetch(fetchOptions as never);
        await browser.settle();
        return cards;
      },
    };
  };
  return {
    core,
    browser,
    resource,
    open,
    /** What somebody else does. */
    async publish(...records: readonly [record: string, set: Attributes | null][]): Promise<void> {
      await resource.publish(
        records.map(([record, set]) => (set ? { record, set } : { record, deleted: true as const })),
      );
      await browser.settle();
    },
    async online(online: boolean): Promise<void> {
      browser.network.online = online;
      await browser.settle(online ? 40_000 : 200);
    },
    /** How often the server was asked this. */
    asked: (name: string) => browser.network.asked.filter((request) => request.name === name).length,
  };
}

/** The ids, sorted: where nothing is said of the order. */
export const ids = (cards: Backbone.Collection) => cards.pluck('id').map(String).sort();

export const request = (returned: unknown) => returned as Request;

/** The events of a collection from now on, with what their options say. */
export function eventsOf(cards: Backbone.Collection): [name: string, remote: boolean][] {
  const events: [string, boolean][] = [];
  cards.on('all', (name: string, ...args: { remote?: boolean }[]) => {
    if (/^(add|remove|update|reset|destroy|change)$/.test(name))
      events.push([name, args.at(-1)?.remote === true]);
  });
  return events;
}
