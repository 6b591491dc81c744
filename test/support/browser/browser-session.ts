import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { type ChromiumProcess, startChromium } from './chromium-process.ts';
import { Devtools } from './devtools.ts';

/** One run of a browser on a profile, and both ways to drive it. */
export class BrowserSession {
  readonly devtools: Devtools;
  readonly #browser: Browser;
  readonly #process: ChromiumProcess;

  private constructor(process: ChromiumProcess, browser: Browser, devtools: Devtools) {
    this.#process = process;
    this.#browser = browser;
    this.devtools = devtools;
  }

  static async open(profile: string): Promise<BrowserSession> {
    const process = await startChromium(profile);
    const browser = await chromium.connectOverCDP(process.endpoint, { noDefaults: true });
    return new BrowserSession(process, browser, await Devtools.open(process.endpoint));
  }

  get context(): BrowserContext {
    const [context] = this.#browser.contexts();
    if (!context) throw new Error('The browser has no context');
    return context;
  }

  /** `SIGKILL` ends it as a crash does: nothing is flushed, nobody is told. */
  async close(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (signal === 'SIGKILL') await this.#process.close(signal);
    this.devtools.close();
    await this.#browser.close();
    await this.#process.close(signal);
  }
}
