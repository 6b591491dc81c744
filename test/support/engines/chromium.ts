import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

/*
 * Chromium over the raw DevTools protocol, on a pipe, Runtime and Target domains only: the Network domain, which
 * Playwright turns on, halves a page's WebSocket rate and does not see a SharedWorker's socket: it would flatter us.
 */

const FLAGS = [
  '--no-sandbox --headless=new --disable-gpu --disable-quic --no-first-run --disable-background-networking',
  '--disable-component-update --disable-sync --disable-dev-shm-usage --remote-debugging-pipe',
  // Twelve tabs of which one is in front: the others are to be scheduled as it is, for all contestants alike.
  '--disable-renderer-backgrounding --disable-background-timer-throttling --disable-backgrounding-occluded-windows',
].flatMap((line) => line.split(' '));

/** Whether a page has its bench, once it has. */
const THERE = `'bench' in globalThis || new Promise((there) => {
  addEventListener('bench', () => there(true));
  setTimeout(there, 10_000, false);
})`;

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Reply extends Answer {
  readonly id: number;
}

/** What the browser says by itself. */
export interface Said {
  readonly method: string;
  readonly params: unknown;
}

/** What a command is answered with when there is nobody to answer it. */
const GONE = { error: { message: 'the browser has ended' } };

interface Evaluated {
  readonly result: { readonly value?: unknown };
  readonly exceptionDetails?: {
    readonly exception?: { readonly description?: string };
    readonly text: string;
  };
}

export class Chromium {
  readonly pid: number;
  /** Gets what the browser says by itself. */
  hear: ((said: Said) => void) | null = null;
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #in: Writable;
  readonly #waiting = new Map<number, (reply: Answer) => void>();
  #last = 0;
  #rest = '';

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
    this.pid = process.pid ?? 0;
    this.#in = process.stdio[3] as Writable;
    const out = process.stdio[4] as Readable;
    out.setEncoding('utf8');
    out.on('data', (chunk: string) => this.#read(chunk));
    this.#in.on('error', () => undefined);
    process.once('exit', () => {
      for (const answer of this.#waiting.values()) answer(GONE);
    });
  }

  /** A browser with a fresh profile on the disk. */
  static async launch(executable: string): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'medulla-bench-'));
    const process = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      detached: true,
    });
    return new Chromium(process, profile);
  }

  /** Sends one command; `session` names the target it is for. */
  async send(method: string, params: object = {}, session?: string): Promise<unknown> {
    if (this.#isGone) throw new Error(`Cannot ${method}: ${GONE.error.message}`);
    const id = ++this.#last;
    const reply = await new Promise<Answer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#in.write(`${JSON.stringify({ id, method, params, ...(session && { sessionId: session }) })}\0`);
    });
    if (reply.error) throw new Error(`Cannot ${method}: ${reply.error.message}`);
    return reply.result;
  }

  /** Opens a tab. */
  async open(url: string): Promise<Tab> {
    const { targetId } = (await this.send('Target.createTarget', { url })) as { targetId: string };
    return new Tab(this, targetId, await this.attach(targetId));
  }

  async attach(targetId: string): Promise<string> {
    const attached = await this.send('Target.attachToTarget', { targetId, flatten: true });
    return (attached as { sessionId: string }).sessionId;
  }

  /** Ends the browser with all its processes and removes its profile. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#process.once('exit', () => resolve()));
    if (!this.#isGone) {
      process.kill(-this.pid, 'SIGKILL');
      await ended;
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  get #isGone(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  #read(chunk: string): void {
    const parts = (this.#rest + chunk).split('\0');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) {
      const reply = JSON.parse(part) as Reply | Said;
      if ('method' in reply) this.hear?.(reply);
      else {
        this.#waiting.get(reply.id)?.(reply);
        this.#waiting.delete(reply.id);
      }
    }
  }
}

export class Tab {
  readonly #browser: Chromium;
  readonly target: string;
  readonly session: string;

  constructor(browser: Chromium, target: string, session: string) {
    this.#browser = browser;
    this.target = target;
    this.session = session;
  }

  /** The value of an expression in the page, awaited. */
  async evaluate<T>(expression: string): Promise<T> {
    const params = { expression, awaitPromise: true, returnByValue: true };
    const answer = (await this.#browser.send('Runtime.evaluate', params, this.session)) as Evaluated;
    const wrong = answer.exceptionDetails;
    if (wrong) throw new Error(`In the page: ${wrong.exception?.description ?? wrong.text}`);
    return answer.result.value as T;
  }

  /** Calls `bench[name](...args)` in the page, once that is there. */
  async call<T>(name: string, ...args: unknown[]): Promise<T> {
    // A tab that was just made has no page yet, or the page before this one: whoever waits there is told that it has ended.
    const there = () => this.evaluate<boolean>(THERE).catch(() => null);
    let found = await there();
    for (let left = 20; found === null && left; left--) found = await there();
    if (!found) throw new Error(`The page has no bench: ${await this.evaluate('location.href')}`);
    return this.evaluate<T>(`bench.${name}(...${JSON.stringify(args)})`);
  }

  async close(): Promise<void> {
    await this.#browser.send('Target.closeTarget', { targetId: this.target });
  }
}
