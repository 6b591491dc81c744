import type { Page } from 'playwright-core';
import type { Ledger, Life } from './ledger.ts';
import type { Look, Order, User } from './words.ts';

/** A tab of the browser. It can be ordered to do something while it is `awake`. */
export class Tab {
  readonly name: string;
  readonly user: User;
  readonly #ledger: Ledger;
  state: 'awake' | 'busy' | 'gone' = 'busy';
  life: Life;
  #page: Page | undefined;
  #loads = 0;

  constructor(name: string, user: User, ledger: Ledger) {
    this.name = name;
    this.user = user;
    this.#ledger = ledger;
    this.life = { name, user, over: false };
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

  /** A page begins in it; the one before is over. */
  loads(): void {
    this.life.over = true;
    this.#loads += 1;
    this.life = {
      name: this.#loads === 1 ? this.name : `${this.name}.${this.#loads}`,
      user: this.user,
      over: false,
    };
  }

  end(): void {
    if (this.state !== 'gone') this.#ledger.story.tell(this.name, 'is gone');
    this.state = 'gone';
    this.life.over = true;
  }

  /** Whoever orders does not wait for what comes of it. */
  async act(...orders: readonly Order[]): Promise<void> {
    for (const order of orders) this.#ledger.ordered(order, this.life);
    await this.#unlessGone(
      this.page.evaluate((list) => {
        for (const order of list) chaos.act(order);
      }, orders),
    );
  }

  /** Notes what it shows of the records that nothing is on its way of. */
  async look(): Promise<void> {
    const { life } = this;
    const looks: readonly Look[] | undefined = await this.#unlessGone(this.page.evaluate(() => chaos.look()));
    for (const look of looks ?? []) this.#ledger.looks.push({ ...look, life });
  }

  /** The page may go away meanwhile; what was done there is told by itself. */
  #unlessGone<T>(done: Promise<T>): Promise<T | undefined> {
    return done.catch((error) => {
      if (this.state === 'awake' && !/crash|closed|destroyed|navigat/i.test(String(error))) throw error;
      return undefined;
    });
  }
}
