import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, EngineTab, Workers } from '../engines/engine.ts';
import { type Deployed, openPageServer, type PageServer, type Paths } from './page-server.ts';
import { seen } from './seen.ts';
import { ServerProcess } from './server-process.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** As many tabs as `N` says. */
type Tabs<N extends number, T, A extends T[] = []> = A['length'] extends N ? A : Tabs<N, T, [...A, T]>;

type TabOptions = Readonly<Record<string, unknown>>;

/** What a world has instead of the test page and its server. */
export interface WorldOptions {
  /** The server's script. */
  readonly script?: string;
  /** What the page server serves besides. */
  readonly paths?: Paths;
  /** The Cache-Control of the pages; 'no-store', with which none enters the back/forward cache. */
  readonly caching?: string;
  /** Of every tab; a tab that got another one fails. */
  readonly host?: string;
}

export interface WorldParts<T extends EngineTab> {
  readonly engine: Engine<T>;
  readonly folder: string;
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
  readonly pages: PageServer;
  readonly host: string | undefined;
}

/** Starts all of a world but its engine. */
export async function worldParts<T extends EngineTab>(
  engine: Engine<T>,
  { script, paths, caching, host }: WorldOptions,
): Promise<WorldParts<T>> {
  const folder = mkdtempSync(join(tmpdir(), 'medulla-world-'));
  const server = new ServerProcess(script);
  await server.start(join(folder, 'first.db'));
  const [proxy, pages] = await Promise.all([TcpProxy.open(server.port), openPageServer(paths, caching)]);
  return { engine, folder, server, proxy, pages, host };
}

/**
 * A server with its database, a network that can be cut, and an origin of its own in a browser: what the browser kept for
 * other worlds is not seen here.
 */
export class EngineWorld<T extends EngineTab = EngineTab> {
  readonly engine: Engine<T>;
  readonly server: ServerProcess;
  readonly proxy: TcpProxy;
  readonly #parts: WorldParts<T>;
  readonly #open = new Set<T>();

  protected constructor(parts: WorldParts<T>) {
    this.#parts = parts;
    this.engine = parts.engine;
    this.server = parts.server;
    this.proxy = parts.proxy;
  }

  static async in(engine: Engine, options: WorldOptions = {}): Promise<EngineWorld> {
    return new EngineWorld(await worldParts(engine, options));
  }

  /** What the pages threw that nobody caught. */
  get complaints(): readonly string[] {
    return this.#parts.pages.complaints;
  }

  /** What its tabs ask for; undefined: nothing. */
  get host(): string | undefined {
    return this.#parts.host;
  }

  /** A server's database; another name is another one. */
  file(name = 'first'): string {
    return join(this.#parts.folder, `${name}.db`);
  }

  /** Another build is served from now on; pages that are open stay what they are. */
  deploy(deployed: Deployed): void {
    this.#parts.pages.deployed = deployed;
  }

  /** A page of the page server. */
  async page(path: string): Promise<T> {
    const tab = await this.engine.open(`${this.#parts.pages.origin}${path}`);
    this.#open.add(tab);
    return tab;
  }

  /** Opens a tab; resolves when its collection has loaded. */
  async tab(options: TabOptions = {}): Promise<T> {
    const tab = await this.page(this.path(options));
    await this.#loaded(tab);
    return tab;
  }

  /** The address of the test page with these options. */
  path(options: TabOptions = {}): string {
    const { host } = this.#parts;
    const settings = {
      server: `http://127.0.0.1:${this.proxy.port}`,
      ...(host !== undefined && { host }),
      ...options,
    };
    return `/?options=${encodeURIComponent(JSON.stringify(settings))}`;
  }

  /** The first alone: it makes the worker. */
  async tabs<N extends number>(count: N): Promise<Tabs<N, T>> {
    const first = await this.tab();
    const others = await Promise.all(Array.from({ length: count - 1 }, () => this.tab()));
    return [first, ...others] as Tabs<N, T>;
  }

  /** So many tabs, or one where each would be a hub of its own. */
  async some(count: number): Promise<[T, ...T[]]> {
    if (this.#parts.host === 'page') return [await this.tab()];
    const [first, ...others] = await this.tabs(count as 2);
    return [first, ...others];
  }

  async reload(tab: T): Promise<void> {
    await tab.reload();
    await this.#loaded(tab);
  }

  /** What its engine can do to its workers. */
  get workers(): Workers {
    const workers = this.engine.workers?.(this.#parts.pages.origin);
    if (!workers) throw new Error(`${this.engine.name} reaches no worker`);
    return workers;
  }

  /** The engine stays; its tabs that were opened here do not. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map((tab) => tab.close().catch(() => undefined)));
    this.proxy.close();
    this.#parts.pages.close();
    await this.server.kill();
    rmSync(this.#parts.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #loaded(tab: T): Promise<void> {
    await seen(tab, () => 't' in globalThis);
    const outcome = await tab.evaluate(() => t.loaded);
    if (outcome !== 'loaded') throw new Error(`The collection did not load: ${outcome}`);
    const { host, hostReason } = await tab.evaluate(() => t.status());
    const wanted = this.#parts.host ?? host;
    if (host !== wanted)
      throw new Error(`The host is not ${wanted}: current value is ${host} (${hostReason})`);
  }
}
