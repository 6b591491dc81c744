import type { TabUp } from '../../protocol/tab-up.ts';
import type { HubContext } from '../context.ts';
import { LINGER } from '../journal.ts';
import type { Tab } from './tab.ts';
import type { Tabs } from './tabs.ts';

/**
 * Asks the living tabs for a token, at each connect; the first token counts. It is never kept beyond that, but for where
 * the application says so: then it is on the disk until the user leaves, for when no tab is there to be asked.
 */
export class Tokens {
  readonly #tabs: Tabs;
  readonly #hub: Pick<HubContext, 'clock' | 'options' | 'journal'>;
  /** Whether there is one on the disk. */
  #kept: boolean;
  #request = 0;
  #waiting: ((token: string | null) => void) | null = null;
  /** How many have not answered yet. */
  #asked = 0;

  constructor(tabs: Tabs, hub: Pick<HubContext, 'clock' | 'options' | 'journal'>, kept: boolean) {
    this.#tabs = tabs;
    this.#hub = hub;
    this.#kept = kept;
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
  answer({ request, token, keep = false }: Extract<TabUp, { type: 'token' }>): void {
    if (request !== this.#request || (token === null && --this.#asked > 0)) return;
    if (this.#waiting && (keep || this.#kept)) this.#keep(keep ? token : null);
    this.#end(token);
  }

  #keep(token: string | null): void {
    this.#kept = token !== null;
    this.#hub.journal.write([{ type: 'putToken', token }], LINGER.replica);
  }

  #end(token: string | null): void {
    this.#waiting?.(token);
    this.#waiting = null;
  }
}
