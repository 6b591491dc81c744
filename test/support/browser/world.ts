import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../tools/find-chromium.ts';
import { Devtools } from './devtools.ts';
import { openPageServer, type PageServer } from './page-server.ts';
import { ServerProcess } from './server-process.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--remote-debugging-port=0',
];

/** As many pages as `N` says. */
type Pages<N extends number, T extends Page[] = []> = T['length'] extends N ? T : Pages<N, [...T, Page]>;

interface Parts {
  readonly folder: string;
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
  readonly pages: PageServer;
  readonly context: BrowserContext;
  readonly devtools: Devtools;
}

/** A server with its database, a network that can be cut, and a browser with a fresh profile on a disk. */
export class World {
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
  readonly context: BrowserContext;
  readonly devtools: Devtools;
  /** What the pages threw that nobody caught. */
  readonly complaints: string[] = [];
  readonly #folder: string;
  readonly #pages: PageServer;

  private constructor(parts: Parts) {
    this.server = parts.server;
    this.proxy = parts.proxy;
    this.context = parts.context;
    this.devtools = parts.devtools;
    this.#folder = parts.folder;
    this.#pages = parts.pages;
  }

  static async open(): Promise<World> {
    const executablePath = await findChromium();
    const folder = mkdtempSync(join(tmpdir(), 'medulla-browser-'));
    const server = new ServerProcess();
    await server.start(join(folder, 'first.db'));
    const [proxy, pages] = await Promise.all([TcpProxy.open(server.port), openPageServer()]);
    const profile = join(folder, 'profile');
    const context = await chromium.launchPersistentContext(profile, { executablePath, args: FLAGS });
    const devtools = await Devtools.open(profile);
    return new World({ folder, server, proxy, pages, context, devtools });
  }

  /** A server's database; another name is another one. */
  file(name = 'first'): string {
    return join(this.#folder, `${name}.db`);
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

  /** Stops the tab's timers and tasks, as the browser does with one that is long out of sight; returns how to go on. */
  async freeze(page: Page): Promise<() => Promise<void>> {
    const session = await this.context.newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    return async () => {
      await session.send('Page.setWebLifecycleState', { state: 'active' });
      await session.detach();
    };
  }

  async close(): Promise<void> {
    this.devtools.close();
    await this.context.close();
    this.proxy.close();
    this.#pages.close();
    await this.server.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(() => 't' in globalThis);
  const outcome = await page.evaluate(() => t.loaded);
  if (outcome !== 'loaded') throw new Error(`The collection did not load: ${outcome}`);
}

/** All tabs show the same models. Resolves with them as one text. */
export function converged(pages: readonly Page[]): Promise<string> {
  return until('all tabs show the same', async () => {
    const snapshots = await Promise.all(pages.map((page) => page.evaluate(() => t.snapshot())));
    return snapshots.every((snapshot) => snapshot === snapshots[0]) && snapshots[0];
  });
}
