import { isLonger } from '../../base/is-longer.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { TabUp } from '../../protocol/tab-up.ts';
import type { HubContext } from '../context.ts';
import { fail } from '../replica/reads-parts.ts';
import type { Tab } from './tab.ts';

type Sending = Extract<TabUp, { type: 'send' }>;

/** How many may wait for a connection: there is no disk for them. */
const MOST = 1_000;

/**
 * What tabs tell the server that is no change. It waits for a connection in memory, in order, and goes over the line once:
 * where that is lost before the answer, nobody knows whether it came.
 */
export class Messages {
  readonly #hub: HubContext;
  #waiting: (() => void)[] = [];

  constructor(hub: HubContext) {
    this.#hub = hub;
  }

  send(tab: Tab, message: Sending): void {
    const { line, outlet } = this.#hub;
    if (line.welcome) this.#go(tab, message);
    else if (this.#waiting.length < MOST) this.#waiting.push(() => this.#go(tab, message));
    else fail(outlet, tab.id, message.request, new MedullaError('unreachable', 'Too many messages wait'));
  }

  opened(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  async #go(tab: Tab, { request, content, to }: Sending): Promise<void> {
    const { line, outlet } = this.#hub;
    try {
      // The server would cut the connection of all tabs.
      if (line.welcome && isLonger(JSON.stringify(content ?? null), line.welcome.limits.bytes / 2))
        throw new MedullaError('too-large', 'The message is longer than half of what the server takes');
      const { answer } = await line.request('message', to ? { content, to } : { content });
      outlet.answer(tab.id, () => ({ type: 'told', request, told: answer ?? null }));
    } catch (error) {
      fail(outlet, tab.id, request, error as MedullaError);
    }
  }
}
