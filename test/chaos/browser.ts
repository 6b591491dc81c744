import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../support/browser/bundle.ts';
import { kept } from '../support/browser/page-server.ts';
import { seen } from '../support/browser/seen.ts';
import { World } from '../support/browser/world.ts';
import type { Ledger } from './ledger.ts';
import { Tab } from './tab.ts';
import { type Told, USERS, type User } from './words.ts';

const here = import.meta.dirname;

/** The world of a run: its tabs, and all that stands between them and the database. */
export class Browser {
  readonly world: World;
  readonly tabs: Tab[] = [];
  readonly #ledger: Ledger;
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(world: World, ledger: Ledger) {
    this.world = world;
    this.#ledger = ledger;
  }

  static async open(ledger: Ledger): Promise<Browser> {
    const browser = new Browser(
      await World.open({
        script: join(here, 'chaos-server.ts'),
        paths: {
          '/chaos': () => readFileSync(join(here, 'page.html'), 'utf8'),
          '/chaos-page.js': kept(() => bundle(join(here, 'page/chaos-page.ts'))),
          '/tell': ({ searchParams }) => {
            const told: Told = JSON.parse(searchParams.get('told') ?? '');
            browser.#hear(searchParams.get('tab') ?? '', told);
            return '';
          },
        },
      }),
      ledger,
    );
    return browser;
  }

  #hear(name: string, told: Told): void {
    const tab = this.tabs.find((one) => one.name === name);
    if (told.type === 'hello') tab?.loads();
    if (tab) this.#ledger.hear(tab.life, told);
  }

  get awake(): Tab[] {
    return this.tabs.filter(({ state }) => state === 'awake');
  }

  get open(): Tab[] {
    return this.tabs.filter(({ state }) => state !== 'gone');
  }

  /** Resolves when it takes orders. One after the other, so that each knows its page before it loads. */
  openTab(): Promise<Tab> {
    const opened = this.#last.then(() => this.#openTab(this.missing() ?? USERS[0]));
    this.#last = opened.catch(() => undefined);
    return opened;
  }

  /** Whoever sits at no tab; most tabs are the first one's. */
  missing(): User | undefined {
    return USERS.find((user) => !this.open.some((tab) => tab.user === user));
  }

  async #openTab(user: User): Promise<Tab> {
    this.#count += 1;
    const tab = new Tab(`tab${this.#count}`, user, this.#ledger);
    this.tabs.push(tab);
    const server = `http://127.0.0.1:${this.world.proxy.port}`;
    this.world.context.once('page', (page) => {
      tab.page = page;
    });
    await this.world.page(`/chaos?tab=${tab.name}&user=${user}&server=${encodeURIComponent(server)}`);
    await this.ready(tab);
    return tab;
  }

  /** Waits until the page of the tab takes orders. */
  async ready(tab: Tab): Promise<void> {
    await seen(tab.page, () => 'chaos' in globalThis);
    if (tab.state === 'busy') tab.state = 'awake';
  }

  async close(): Promise<void> {
    await this.world.close();
  }
}
