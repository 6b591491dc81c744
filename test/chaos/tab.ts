import type { Page } from 'playwright-core';
import type { Ledger, Life } from './ledger.ts';
import type { Order } from './words.ts';

/** A tab of the browser. It can be ordered to do something while it is `awake`. */
export class Tab {
  readonly name: string;
  readonly #ledger: Ledger;
  state: 'awake' | 'busy' | 'gone' = 'busy';
  life: Life;
  #page: Page | undefined;
  #loads = 0;

  constructor(name: string, ledger: Ledger) {
    this.name = name;
    this.#ledger = ledger;
    this.life = { name, over: false };
  }

  get page(): Page {
    if (!this.#page) throw new Error(`${this.name} has no page`);
    return this.#page;
  }

  set page(page: Page) {
    this.#page = page;
    // One renderer may serve several tabs: they go down together.
    page.on('crash', () => this.end());
    page.on('close', () => this.end());
  }

  is(page: Page): boolean {
    return this.#page === page;
  }

  /** A page begins in it; the one before is over. */
  loads(): void {
    this.life.over = true;
    this.#loads += 1;
    this.life = { name: this.#loads === 1 ? this.name : `${this.name}.${this.#loads}`, over: false };
  }

  end(): void {
    if (this.state !== 'gone') this.#ledger.story.tell(this.name, 'is gone');
    this.state = 'gone';
    this.life.over = true;
  }

  /** Whoever orders does not wait for what comes of it. */
  async act(...orders: readonly Order[]): Promise<void> {
    for (const order of orders) this.#ledger.ordered(order, this.life);
    try {
      await this.page.evaluate((list) => {
        for (const order of list) chaos.act(order);
      }, orders);
    } catch (error) {
      // The page went away meanwhile; what was done there is told by itself.
      if (this.state === 'awake' && !/crash|closed|destroyed|navigat/i.test(String(error))) throw error;
    }
  }
}
