import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { Engine } from './engine.ts';

/** Without them `navigator.storage.persist()` waits for somebody to answer. */
const PREFERENCES = {
  'dom.storageManager.prompt.testing': true,
  'dom.storageManager.prompt.testing.allow': true,
};

/** What belongs to the run, and not to what the browser keeps: its driver makes these anew. */
const OF_THE_RUN = /^(user\.js|prefs\.js|lock|\.parentlock)/;

const newProfile = (): string => mkdtempSync(join(tmpdir(), 'medulla-firefox-'));

/** Firefox over WebDriver BiDi, which it speaks itself. */
export class FirefoxEngine implements Engine<Page> {
  readonly name = 'firefox';
  readonly #program: string;
  #profile = newProfile();
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
    await browser?.close().catch(() => undefined);
    // Its driver puts the old profile's preferences back, and does not tell when it has.
    const before = this.#profile;
    this.#profile = newProfile();
    cpSync(before, this.#profile, {
      recursive: true,
      filter: (source) => !OF_THE_RUN.test(basename(source)),
    });
    remove(before);
    await this.#launch();
  }

  async close(): Promise<void> {
    await this.#browser?.close();
    this.#browser = undefined;
    remove(this.#profile);
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

function remove(profile: string): void {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
