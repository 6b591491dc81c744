import type { Log } from '../base/log.ts';
import type { BackboneLike } from '../client/backbone.ts';
import { createMedulla, type Medulla } from '../client/create-medulla.ts';
import type { MedullaOptions } from '../client/options.ts';
import { CoreConnection } from './core-connection.ts';
import { seededRandom } from './seeded-random.ts';
import { TestBrowser } from './test-browser.ts';
import { type TestLine, testLine } from './test-line.ts';
import { TestServer, type TestServerOptions } from './test-server.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

/** Milliseconds of the hub's own small delays: what is counted is shown a little later than what is read. */
const QUIET = 200;
/** What has not come to rest by then does not. The longest wait between two attempts to connect is half of it. */
const LIMIT = 60_000;

/** Time stands still until it is turned. */
export interface TestClock {
  /** Milliseconds; the same at the start of every test. */
  now(): number;
  /** Turns the clock by so many milliseconds: each timer within them runs at its instant. */
  turn(ms: number): Promise<void>;
}

/** Another tab. */
export interface TestTab<B extends BackboneLike = BackboneLike> {
  readonly medulla: Medulla<B>;
  /** The page is closed. With the last one the hub ends. */
  close(): Promise<void>;
}

/** A browser, a server and the line between them, all in this process. Its methods need no `this`. */
export interface TestWorld<B extends BackboneLike = BackboneLike> {
  /** What `connect` gives, installed; after a `reload` the new page's. */
  readonly medulla: Medulla<B>;
  readonly server: TestServer;
  readonly clock: TestClock;
  readonly line: TestLine;
  /**
   * Resolves when nothing is under way: all messages have arrived, what can be answered is answered, and where the line
   * is not cut there is a connection. It turns the clock as little as that needs (fifths of a second); what waits for a
   * time of its own, as `patience` or the retry of what the server failed on, waits on.
   */
  settle(): Promise<void>;
  /**
   * Another tab of this browser. With a copy of Backbone of its own Medulla is installed there. With one that is in use
   * already it is not: give classes `{medulla}` as a property.
   */
  tab<C extends BackboneLike>(backbone: C, options?: Pick<MedullaOptions, 'user'>): TestTab<C>;
  /** All tabs are closed, and the hub with them; the first is opened again. What is on the disk is still there. */
  reload(): Promise<Medulla<B>>;
  /** Ends everything. Backbone is as it was. */
  close(): Promise<void>;
}

export interface TestWorldParts {
  readonly options: MedullaOptions & TestServerOptions;
  readonly log: Log;
  readonly report: (error: unknown) => void;
  readonly page: () => string;
}

export function testWorld<B extends BackboneLike>(own: B, parts: TestWorldParts): TestWorld<B> {
  const { options, log, report, page } = parts;
  let made = 0;
  const random = () => seededRandom(++made);
  const clock = new VirtualClock();
  const server = new TestServer(options, { clock, log, random: random() });
  const connection = new CoreConnection(server.core, clock);
  const browser = new TestBrowser({ connection, clock, random, log });
  const tabs = new Map<TestTab, BackboneLike>();
  let first = tab(own);

  function tab<C extends BackboneLike>(
    backbone: C,
    { user = options.user }: Pick<MedullaOptions, 'user'> = {},
  ): TestTab<C> {
    const { host, remembered, locks } = browser;
    const medulla = createMedulla(backbone, {
      ...options,
      user,
      host,
      remembered,
      locks,
      clock,
      random: random(),
      log,
      report,
      page,
    });
    if (![...tabs.values()].includes(backbone)) medulla.install();
    const opened: TestTab<C> = {
      medulla,
      async close() {
        if (!tabs.delete(opened)) return;
        medulla.uninstall().close();
        await settle(); // what it has handed over arrives
        if (tabs.size === 0) await browser.end();
      },
    };
    tabs.set(opened, backbone);
    return opened;
  }

  const closeTabs = async () => {
    for (const one of [...tabs.keys()]) await one.close();
  };

  /** Whether anything is under way that needs time. */
  const isBusy = () =>
    connection.under > 0 ||
    (connection.up &&
      [...tabs.keys()].some(({ medulla }) => /^(connecting|waiting)$/.test(connectionOf(medulla))));

  return {
    get medulla() {
      return first.medulla;
    },
    server,
    clock: { now: () => clock.now(), turn: (ms) => clock.advance(ms) },
    line: testLine(connection),
    async settle() {
      await server.filled;
      const end = clock.now() + LIMIT;
      do await clock.advance(QUIET);
      while (isBusy() && clock.now() < end);
    },
    tab,
    async reload() {
      await closeTabs();
      first = tab(own);
      return first.medulla;
    },
    async close() {
      await closeTabs();
      await server.close();
    },
  };
}

const connectionOf = ({ status }: Medulla): string =>
  String((status as { get(name: string): unknown }).get('connection'));
