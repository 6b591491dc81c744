import { until } from '../until.ts';

interface Answer {
  readonly value: unknown;
}

/** A session of W3C WebDriver, over plain HTTP. */
export class WebDriver {
  readonly #session: string;
  /** The tab that it began with: it stays, so that there always is one. */
  readonly #first: string;
  #current: string;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(session: string, first: string) {
    this.#session = session;
    this.#first = first;
    this.#current = first;
  }

  /** `address`: of a driver that may still be starting. */
  static async open(address: string, capabilities: object): Promise<WebDriver> {
    await until('the driver listens', () => ask('GET', `${address}/status`).catch(() => false));
    const opened = await ask('POST', `${address}/session`, { capabilities: { alwaysMatch: capabilities } });
    const session = `${address}/session/${(opened as { sessionId: string }).sessionId}`;
    return new WebDriver(session, String(await ask('GET', `${session}/window`)));
  }

  /** A new tab's name. */
  newTab(): Promise<string> {
    return this.#inTurn(async () => {
      await this.#turnTo(this.#first);
      const { handle } = (await this.#ask('POST', '/window/new', { type: 'tab' })) as { handle: string };
      return handle;
    });
  }

  /** Sends a command to a tab. One command at a time: the session has one current tab. */
  to(tab: string, method: 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return this.#inTurn(async () => {
      await this.#turnTo(tab);
      return this.#ask(method, path, body);
    });
  }

  async #turnTo(tab: string): Promise<void> {
    if (this.#current !== tab) await this.#ask('POST', '/window', { handle: tab });
    this.#current = tab;
  }

  async close(): Promise<void> {
    await this.#inTurn(() => ask('DELETE', this.#session));
  }

  #ask(method: 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    return ask(method, `${this.#session}${path}`, body);
  }

  #inTurn<T>(fn: () => Promise<T>): Promise<T> {
    const done = this.#last.then(fn);
    this.#last = done.catch(() => undefined);
    return done;
  }
}

async function ask(method: string, url: string, body?: object): Promise<unknown> {
  const response = await fetch(url, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as Answer;
  if (response.ok) return value;
  const { error, message } = value as { error: string; message: string };
  throw new Error(`${method} ${url}: ${error}: ${message}`);
}
