import type { HubContext } from '../context.ts';
import type { Tab } from './tab.ts';
import type { Tabs } from './tabs.ts';

/** Asks the living tabs for a token, at each connect; the first answer counts. It is never kept beyond that. */
export class Tokens {
  readonly #tabs: Tabs;
  readonly #hub: Pick<HubContext, 'clock' | 'options'>;
  #request = 0;
  #waiting: ((token: string | null) => void) | null = null;

  constructor(tabs: Tabs, hub: Pick<HubContext, 'clock' | 'options'>) {
    this.#tabs = tabs;
    this.#hub = hub;
  }

  /** Null where no tab has one, or none answers in time. */
  async ask(): Promise<string | null> {
    this.#waiting?.(null);
    const answer = new Promise<string | null>((resolve) => {
      this.#waiting = resolve;
    });
    const request = ++this.#request;
    const cancel = this.#hub.clock.after(this.#hub.options.patience, () => this.answer(request, null));
    for (const tab of this.#tabs.all()) tab.send({ type: 'authenticate', request });
    const token = await answer;
    cancel();
    return token;
  }

  /** A tab came while one is asked for. */
  offer(tab: Tab): void {
    if (this.#waiting) tab.send({ type: 'authenticate', request: this.#request });
  }

  answer(request: number, token: string | null): void {
    if (request !== this.#request) return;
    this.#waiting?.(token);
    this.#waiting = null;
  }
}
