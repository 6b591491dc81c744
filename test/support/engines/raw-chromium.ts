import { setTimeout as pause } from 'node:timers/promises';
import { findChromium } from '../../tools/find-chromium.ts';
import { seen } from '../browser/seen.ts';
import { until } from '../until.ts';
import { Chromium, Tab } from './chromium.ts';
import { discardsPage } from './discards-page.ts';
import type { Engine, EngineTab, Wake } from './engine.ts';

interface Targets {
  readonly targetInfos: readonly { readonly targetId: string; readonly type: string; readonly url: string }[];
}

interface NavigationHistory {
  readonly currentIndex: number;
  readonly entries: readonly { readonly id: number; readonly url: string }[];
}

/** A tab of a Chromium that only its raw protocol drives. */
export class RawChromiumTab implements EngineTab {
  readonly #browser: Chromium;
  readonly #tab: Tab;

  constructor(browser: Chromium, tab: Tab) {
    this.#browser = browser;
    this.#tab = tab;
  }

  evaluate<R, A>(fn: (arg: A) => R | Promise<R>, arg?: A): Promise<R> {
    return this.#tab.evaluate(`(${fn})(${JSON.stringify(arg) ?? ''})`);
  }

  /** Leaves this page for another. */
  async leave(url: string): Promise<void> {
    await this.send('Page.navigate', { url });
    await this.#at(new URL(url).pathname);
  }

  /** Goes back to the page before. */
  async back(): Promise<void> {
    const { currentIndex, entries } = (await this.send('Page.getNavigationHistory')) as NavigationHistory;
    const before = entries[currentIndex - 1];
    await this.send('Page.navigateToHistoryEntry', { entryId: before?.id });
    await this.#at(new URL(before?.url ?? '').pathname);
  }

  /** What is asked of a page that is on its way into the cache has no answer: it is asked again. */
  async #at(path: string): Promise<void> {
    const there = (to: string) => location.pathname === to && document.readyState === 'complete';
    await until(`the page is ${path}`, () =>
      Promise.race([this.evaluate(there, path).catch(() => false), pause(1_000, false as const)]),
    );
  }

  send(method: string, params: object = {}): Promise<unknown> {
    return this.#browser.send(method, params, this.#tab.session);
  }

  get target(): string {
    return this.#tab.target;
  }

  /** Nobody drives it any more: the browser treats it as it treats any. */
  async detach(): Promise<void> {
    await this.#browser.send('Target.detachFromTarget', { sessionId: this.#tab.session });
  }

  async reload(): Promise<void> {
    await this.send('Page.reload');
  }

  close(): Promise<void> {
    return this.#tab.close();
  }

  /** Its renderer is gone. Nobody answers that. */
  crash(): void {
    void this.send('Page.crash').catch(() => undefined);
  }
}

/** Chromium as it is without Playwright, which switches the back/forward cache off and keeps hold of every page. */
export class RawChromium implements Engine<RawChromiumTab> {
  readonly name = 'chromium';
  readonly #browser: Chromium;
  readonly #discardAt: (url: string) => Promise<void>;

  private constructor(browser: Chromium) {
    this.#browser = browser;
    this.#discardAt = discardsPage(browser);
  }

  static async start(): Promise<RawChromium> {
    return new RawChromium(await Chromium.launch(await findChromium()));
  }

  async open(url: string): Promise<RawChromiumTab> {
    const tab = new RawChromiumTab(this.#browser, await this.#browser.open(url));
    await seen(tab, () => location.protocol === 'http:' && document.readyState === 'complete');
    return tab;
  }

  async freeze(tab: RawChromiumTab): Promise<Wake> {
    await tab.send('Page.setWebLifecycleState', { state: 'frozen' });
    return async () => {
      await tab.send('Page.setWebLifecycleState', { state: 'active' });
    };
  }

  async discard(tab: RawChromiumTab): Promise<() => Promise<RawChromiumTab>> {
    const url = await tab.evaluate(() => location.href);
    const { target } = tab;
    await tab.detach();
    await this.#discardAt(url);
    // What is left of it is another target, without a page.
    const left = await until('the tab is discarded', async () => {
      const { targetInfos } = (await this.#browser.send('Target.getTargets')) as Targets;
      const found = targetInfos.filter((one) => one.type === 'page' && one.url === url);
      return found.every(({ targetId }) => targetId !== target) && found[0]?.targetId;
    });
    return async () => {
      await this.#browser.send('Target.activateTarget', { targetId: left });
      return new RawChromiumTab(
        this.#browser,
        new Tab(this.#browser, left, await this.#browser.attach(left)),
      );
    };
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}
