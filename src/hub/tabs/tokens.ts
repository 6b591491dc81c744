import type { HubContext } from '../context.ts';
import type { Tab } from './tab.ts';
import type { Tabs } from './tabs.ts';

/** Asks the living tabs for a token, at each connect; the first token counts. It is never kept beyond that. */
export class Tokens {
  readonly #tabs: Tabs;
  readonly #hub: Pick<HubContext, 'clock' | 'options'>;
  #request = 0;
  #waiting: ((token: string | null) => void) | null = null;
  /** How many have not answered yet. */
  #asked = 0;

  constructor(tabs: Tabs, hub: Pick<HubContext, 'clock' | 'options'>) {
    this.#tabs = tabs;
    this.#hub = hub;
  }

  /** Null where no tab has one, or none answers in time. */
  async ask(): Promise<string | null> {
    this.#end(null);
    const answer = new Promise<string | null>((resolve) => {
      this.#waiting = resolve;
    });
    const request = ++this.#request;
    const cancel = this.#hub.clock.after(
      this.#hub.options.patience,
      () => request === this.#request && this.#end(null),
    );
    this.#asked = 0;
    for (const tab of this.#tabs.all()) this.offer(tab);
    const token = await answer;
    cancel();
    return token;
  }

  /** Asks this tab too, if one is asked for. */
  offer(tab: Tab): void {
    if (!this.#waiting) return;
    this.#asked++;
    tab.send({ type: 'authenticate', request: this.#request });
  }

  /** A tab that has none does not speak for those that have not answered. */
  answer(request: number, token: string | null): void {
    if (request === this.#request && (token !== null || --this.#asked <= 0)) this.#end(token);
  }

  #end(token: string | null): void {
    this.#waiting?.(token);
    this.#waiting = null;
  }
}
