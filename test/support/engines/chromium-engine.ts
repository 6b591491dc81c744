import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type ChromiumProcess, startChromium } from '../browser/chromium-process.ts';
import { Devtools } from '../browser/devtools.ts';
import { seen } from '../browser/seen.ts';
import type { Engine, Wake, Workers } from './engine.ts';

/** One run of the browser, and both ways to drive it. */
interface Run {
  readonly process: ChromiumProcess;
  readonly browser: Browser;
  readonly devtools: Devtools;
}

async function run(profile: string): Promise<Run> {
  const process = await startChromium(profile);
  const browser = await chromium.connectOverCDP(process.endpoint, { noDefaults: true });
  return { process, browser, devtools: await Devtools.open(process.endpoint) };
}

/** Chromium, by Playwright and by its own protocol. */
export class ChromiumEngine implements Engine<Page> {
  readonly name = 'chromium';
  readonly #profile: string;
  #run: Run;

  private constructor(profile: string, first: Run) {
    this.#profile = profile;
    this.#run = first;
  }

  static async start(): Promise<ChromiumEngine> {
    const profile = mkdtempSync(join(tmpdir(), 'medulla-chromium-'));
    return new ChromiumEngine(profile, await run(profile));
  }

  get devtools(): Devtools {
    return this.#run.devtools;
  }

  get context(): BrowserContext {
    const [context] = this.#run.browser.contexts();
    if (!context) throw new Error('The browser has no context');
    return context;
  }

  async open(url: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(url);
    return page;
  }

  async kill(page: Page): Promise<void> {
    const session = await this.context.newCDPSession(page);
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    // It never answers.
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    await page.close();
  }

  async crash(): Promise<void> {
    await this.#end('SIGKILL');
    this.#run = await run(this.#profile);
  }

  workers(origin: string): Workers {
    return {
      count: async () => (await this.devtools.sharedWorkers(origin)).length,
      stop: () => this.devtools.stopSharedWorker(origin),
      kill: () => this.devtools.killSharedWorkers(origin),
      heap: () => this.devtools.workerHeap(origin),
    };
  }

  async freeze(page: Page): Promise<Wake> {
    const session = await this.context.newCDPSession(page);
    await seen(page, () => document.visibilityState === 'hidden');
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    return async () => {
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await session.detach();
    };
  }

  async stop(page: Page): Promise<Wake> {
    const session = await this.context.newCDPSession(page);
    await session.send('Debugger.enable');
    const paused = new Promise((resolve) => session.once('Debugger.paused', resolve));
    await session.send('Debugger.pause');
    void page.evaluate(() => undefined).catch(() => undefined);
    await paused;
    return async () => {
      await session.send('Debugger.resume');
      await session.detach();
    };
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** `SIGKILL` ends it as a crash does: nothing is flushed, nobody is told. */
  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (signal === 'SIGKILL') await this.#run.process.close(signal);
    this.devtools.close();
    await this.#run.browser.close();
    await this.#run.process.close(signal);
  }
}
