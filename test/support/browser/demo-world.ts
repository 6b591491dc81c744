import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from '../../tools/find-chromium.ts';
import { endChild } from '../processes/end-child.ts';

const root = join(import.meta.dirname, '../../..');
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-quic',
  '--disable-dev-shm-usage',
];

/** The demo as `npm start` runs it, on a page and a database of its own, and a browser with a fresh profile. */
export class DemoWorld {
  readonly context: BrowserContext;
  /** Where the built page lies. */
  readonly page: string;
  /** What the pages threw that nobody caught. */
  readonly complaints: string[] = [];
  readonly #folder: string;
  #server: ChildProcess | undefined;
  #others: Browser | undefined;
  #port = 0;

  private constructor(folder: string, context: BrowserContext) {
    this.#folder = folder;
    this.context = context;
    this.page = join(folder, 'page');
  }

  static async open(): Promise<DemoWorld> {
    const folder = mkdtempSync(join(tmpdir(), 'medulla-demo-'));
    const world = new DemoWorld(
      folder,
      await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: await findChromium(),
        args: FLAGS,
      }),
    );
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    execFileSync(process.execPath, [vite, 'build', 'demo', '--outDir', world.page, '--logLevel', 'warn'], {
      cwd: root,
    });
    await world.startServer();
    return world;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** On the port that it had before, with the same database. */
  async startServer(): Promise<void> {
    const env = { ...this.#env(), PORT: String(this.#port) };
    const server = spawn(process.execPath, [join(root, 'demo/server.ts')], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#server = server;
    for await (const line of createInterface({ input: server.stdout })) {
      const port = line.match(/127\.0\.0\.1:(\d+)/)?.[1];
      if (port === undefined) continue;
      this.#port = Number(port);
      server.stdout.resume();
      return;
    }
    throw new Error('The server ended before it listened');
  }

  /** As a power cut would. */
  async killServer(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await endChild(server);
  }

  /** As `npm run seed` does. */
  seed(count: number): void {
    execFileSync(process.execPath, [join(root, 'demo/seed.ts'), String(count)], { env: this.#env() });
  }

  /** Puts a page with another title in place of the one that is served, as a build of it would. */
  deploy(title: string): void {
    const [shell, worker] = [join(this.page, 'index.html'), join(this.page, 'service-worker.js')];
    writeFileSync(
      shell,
      readFileSync(shell, 'utf8').replace(/<title>.*<\/title>/, `<title>${title}</title>`),
    );
    const entry = /("url":"\/index\.html","revision":")\w+/;
    writeFileSync(worker, readFileSync(worker, 'utf8').replace(entry, `$1${title.replaceAll(/\W/g, '')}`));
  }

  /** Opens the board as somebody who has been here before. */
  async tab(name = 'Mara Lindt', path = '/', context = this.context): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    const me = JSON.stringify({ id: `person-${name}`, name });
    await page.addInitScript((kept) => localStorage.setItem('lantern-me', kept), me);
    await page.goto(`${this.origin}${path}`);
    await page.locator('.card').first().waitFor();
    return page;
  }

  /** Another browser, with a hub and a database of its own. */
  async another(): Promise<BrowserContext> {
    this.#others ??= await chromium.launch({ executablePath: await findChromium(), args: FLAGS });
    return this.#others.newContext();
  }

  async close(): Promise<void> {
    await this.#others?.close();
    await this.context.close();
    await this.killServer();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, DATABASE: join(this.#folder, 'demo.db'), PAGE: this.page };
  }
}
