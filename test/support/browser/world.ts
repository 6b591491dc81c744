import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { BrowserSession } from './browser-session.ts';
import type { Devtools } from './devtools.ts';
import { openPageServer, type PageServer, type Paths } from './page-server.ts';
import { ServerProcess } from './server-process.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

/** As many pages as `N` says. */
type Pages<N extends number, T extends Page[] = []> = T['length'] extends N ? T : Pages<N, [...T, Page]>;

interface Parts {
  readonly folder: string;
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
  readonly pages: PageServer;
  readonly session: BrowserSession;
}

/** What a world has instead of the test page and its server. */
export interface WorldOptions {
  /** The server's script. */
  readonly script?: string;
  /** What the page server serves besides. */
  readonly paths?: Paths;
}

/** A server with its database, a network that can be cut, and a browser with a fresh profile on a disk. */
export class World {
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
  /** What the pages threw that nobody caught. */
  readonly complaints: string[] = [];
  readonly #folder: string;
  readonly #pages: PageServer;
  #session: BrowserSession;

  private constructor(parts: Parts) {
    this.server = parts.server;
    this.proxy = parts.proxy;
    this.#folder = parts.folder;
    this.#pages = parts.pages;
    this.#session = parts.session;
  }

  static async open({ script, paths }: WorldOptions = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'medulla-browser-'));
    const server = new ServerProcess(script);
    await server.start(join(folder, 'first.db'));
    const [proxy, pages] = await Promise.all([TcpProxy.open(server.port), openPageServer(paths)]);
    const session = await BrowserSession.open(join(folder, 'profile'));
    return new World({ folder, server, proxy, pages, session });
  }

  get devtools(): Devtools {
    return this.#session.devtools;
  }

  /** A server's database; another name is another one. */
  file(name = 'first'): string {
    return join(this.#folder, `${name}.db`);
  }

  get context(): BrowserContext {
    return this.#session.context;
  }

  /** Kills the browser, with all its tabs and workers, and starts another on the same profile. */
  async crashBrowser(): Promise<void> {
    await this.#session.close('SIGKILL');
    this.#session = await BrowserSession.open(join(this.#folder, 'profile'));
  }

  /** A page of the page server. */
  async page(path: string): Promise<Page> {
    const page = await this.context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    await page.goto(`${this.#pages.origin}${path}`);
    return page;
  }

  /** Opens a tab; resolves when its collection has loaded. */
  async tab(options: Readonly<Record<string, unknown>> = {}): Promise<Page> {
    const settings = { server: `http://127.0.0.1:${this.proxy.port}`, ...options };
    const page = await this.page(`/?options=${encodeURIComponent(JSON.stringify(settings))}`);
    await loaded(page);
    return page;
  }

  /** The first alone: it makes the worker. */
  async tabs<N extends number>(count: N): Promise<Pages<N>> {
    const first = await this.tab();
    const others = await Promise.all(Array.from({ length: count - 1 }, () => this.tab()));
    return [first, ...others] as Pages<N>;
  }

  async reload(page: Page): Promise<void> {
    await page.reload();
    await loaded(page);
  }

  /** Freezes the tab as the browser does with one that is long out of sight; returns how to wake it. */
  async freeze(page: Page): Promise<() => Promise<void>> {
    const session = await this.context.newCDPSession(page);
    await seen(page, () => document.visibilityState === 'hidden');
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    return async () => {
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await session.detach();
    };
  }

  /** Stops the tab's scripts between two statements, without a word to it; returns how to let it go on. */
  async stop(page: Page): Promise<() => Promise<void>> {
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
    await this.#session.close();
    this.proxy.close();
    this.#pages.close();
    await this.server.kill();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function loaded(page: Page): Promise<void> {
  await seen(page, () => 't' in globalThis);
  const outcome = await page.evaluate(() => t.loaded);
  if (outcome !== 'loaded') throw new Error(`The collection did not load: ${outcome}`);
}

/** Waits until something holds in the page: also in one that is hidden, where Playwright's own waiting sleeps. */
export function seen<A = undefined>(page: Page, condition: (arg: A) => unknown, arg?: A): Promise<unknown> {
  return until(String(condition), () => page.evaluate(condition as (arg: unknown) => unknown, arg));
}

/** All tabs show the same models. Resolves with them as one text. */
export function converged(pages: readonly Page[]): Promise<string> {
  return until('all tabs show the same', async () => {
    const snapshots = await Promise.all(pages.map((page) => page.evaluate(() => t.snapshot())));
    return snapshots.every((snapshot) => snapshot === snapshots[0]) && snapshots[0];
  });
}
