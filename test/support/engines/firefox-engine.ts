import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { Engine } from './engine.ts';

/** Without them `navigator.storage.persist()` waits for somebody to answer. */
const PREFERENCES = {
  'dom.storageManager.prompt.testing': true,
  'dom.storageManager.prompt.testing.allow': true,
};

/** Firefox over WebDriver BiDi, which it speaks itself. */
export class FirefoxEngine implements Engine<Page> {
  readonly name = 'firefox';
  readonly #program: string;
  readonly #profile = mkdtempSync(join(tmpdir(), 'medulla-firefox-'));
  #browser: Browser | undefined;

  private constructor(program: string) {
    this.#program = program;
  }

  static async start(program: string): Promise<FirefoxEngine> {
    const engine = new FirefoxEngine(program);
    await engine.#launch();
    return engine;
  }

  async open(url: string): Promise<Page> {
    if (!this.#browser) throw new Error('Firefox is closed');
    const page = await this.#browser.newPage();
    await page.goto(url);
    return page;
  }

  async crash(): Promise<void> {
    const browser = this.#browser;
    const child = browser?.process();
    if (!child?.pid) throw new Error('Firefox is closed');
    const gone = once(child, 'exit');
    // All its processes: they are a group.
    process.kill(-child.pid, 'SIGKILL');
    await gone;
    // Its driver puts the profile's preferences back first.
    await browser?.close().catch(() => undefined);
    await this.#launch();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    this.#browser = undefined;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #launch(): Promise<void> {
    this.#browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: this.#program,
      userDataDir: this.#profile,
      headless: true,
      timeout: 120_000,
      extraPrefsFirefox: PREFERENCES,
    });
  }
}
