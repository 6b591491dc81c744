import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../processes/free-port.ts';
import type { Engine, EngineTab } from './engine.ts';
import { OwnProcess } from './own-process.ts';
import { WebDriver } from './web-driver.ts';

/** Its programs: WebKitWebDriver, MiniBrowser, Xvfb. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly display: string;
}

interface Parts {
  readonly folder: string;
  readonly processes: readonly OwnProcess[];
  /** Of which MiniBrowser and all of its are children. */
  readonly driven: OwnProcess;
  readonly session: WebDriver;
}

/** A tab, and the processes that came with it. */
type WebKitTab = EngineTab & { readonly pids: readonly number[] };

/** WebKitGTK's MiniBrowser on a screen that nobody sees. What it keeps, it keeps in memory. */
export class WebKitEngine implements Engine<WebKitTab> {
  readonly name = 'webkit';
  readonly #parts: Parts;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static async start({ driver, browser, display }: WebKitPrograms): Promise<WebKitEngine> {
    const folder = mkdtempSync(join(tmpdir(), 'medulla-webkit-'));
    const processes: OwnProcess[] = [];
    try {
      const screen = new OwnProcess(
        display,
        ['-displayfd', '3', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
        { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
      );
      processes.push(screen);
      const port = await freePort();
      const driven = new OwnProcess(driver, [`--port=${port}`, '--host=127.0.0.1'], {
        stdio: 'ignore',
        env: {
          ...process.env,
          HOME: folder,
          XDG_RUNTIME_DIR: folder,
          DISPLAY: `:${await displayOf(screen)}`,
          GDK_BACKEND: 'x11',
          LIBGL_ALWAYS_SOFTWARE: '1',
          WEBKIT_DISABLE_COMPOSITING_MODE: '1',
        },
      });
      processes.push(driven);
      const session = await WebDriver.open(`http://127.0.0.1:${port}`, {
        timeouts: { script: 120_000 },
        'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] },
      });
      return new WebKitEngine({ folder, processes, driven, session });
    } catch (error) {
      await end(processes, folder);
      throw error;
    }
  }

  /** One after the other, so that it is known which process is whose. */
  open(url: string): Promise<WebKitTab> {
    const opened = this.#last.then(() => this.#open(url));
    this.#last = opened.catch(() => undefined);
    return opened;
  }

  /**
   * WebKit keeps the process of a closed tab for a while, and the workers in it run on; Safari ends it, and starts the
   * workers anew in another tab's process, on the ports that there are, and tells nobody.
   */
  async kill(tab: WebKitTab): Promise<void> {
    await tab.close();
    const alive = new Set(this.#pages());
    for (const pid of tab.pids) if (alive.has(pid)) process.kill(pid, 'SIGKILL');
  }

  #pages(): number[] {
    return this.#parts.driven.running('WebKitWebProcess');
  }

  async #open(url: string): Promise<WebKitTab> {
    const { session } = this.#parts;
    const before = new Set(this.#pages());
    const tab = await session.newTab();
    await session.to(tab, 'POST', '/url', { url });
    return {
      pids: this.#pages().filter((pid) => !before.has(pid)),
      evaluate: (fn: unknown, arg?: unknown) => evaluate(session, tab, String(fn), arg),
      reload: () => session.to(tab, 'POST', '/refresh', {}),
      close: async () => {
        await session.to(tab, 'DELETE', '/window');
      },
    };
  }

  async close(): Promise<void> {
    const { session, processes, folder } = this.#parts;
    await session.close().catch(() => undefined);
    await end(processes, folder);
  }
}

/** What the function gives travels as JSON of ours: WebDriver has no word for undefined. */
async function evaluate<R>(session: WebDriver, tab: string, fn: string, arg: unknown): Promise<R> {
  const script = `const [arg, done] = arguments;
    new Promise((resolve) => resolve((${fn})(arg))).then(
      (value) => done(JSON.stringify({ value })),
      (error) => done(JSON.stringify({ error: String(error) })),
    );`;
  const text = await session.to(tab, 'POST', '/execute/async', { script, args: [arg ?? null] });
  const { value, error } = JSON.parse(String(text));
  if (error !== undefined) throw new Error(error);
  return value;
}

/** The number of the display that Xvfb has taken. */
async function displayOf(screen: OwnProcess): Promise<string> {
  const pipe = screen.child.stdio[3];
  if (!pipe || !('read' in pipe)) throw new Error('Xvfb has no pipe');
  for await (const line of createInterface({ input: pipe })) return line;
  throw new Error('Xvfb ended before it had a display');
}

async function end(processes: readonly OwnProcess[], folder: string): Promise<void> {
  for (const one of [...processes].reverse()) await one.end();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
