import { describe, expect, it } from 'vitest';
import { createMedulla } from '../../src/client/create-medulla.ts';
import type { Lifecycle } from '../../src/client/options.ts';
import { CoreConnection } from '../../src/testing/core-connection.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { TestBrowser } from '../../src/testing/test-browser.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { testCore } from '../server/support/test-core.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

const HOUR = 3_600_000;

/** A browser. `up`: whether there is a server. */
function laptop(up = true) {
  const clock = new VirtualClock();
  const hellos: number[] = [];
  const attempts: number[] = [];
  const authenticate = ({ user }: { user: string }) => {
    hellos.push(clock.now());
    return user;
  };
  const { core } = testCore({ clock, authenticate });
  core.resource('/cards', { public: true });
  const network = new CoreConnection(core, clock);
  network.up = up;
  let seed = 0;
  const connect: CoreConnection['connect'] = (...args) => {
    attempts.push(clock.now());
    return network.connect(...args);
  };
  const browser = new TestBrowser({
    connection: { connect, up },
    clock,
    random: () => seededRandom(++seed),
    log: () => undefined,
  });
  const pages: Parameters<Lifecycle['listen']>[0][] = [];
  const opened: ReturnType<typeof createMedulla>[] = [];
  const open = () => {
    const backbone = freshBackbone();
    const { host, locks } = browser;
    const medulla = createMedulla(backbone, {
      host,
      locks,
      clock,
      random: seededRandom(++seed),
      log: () => undefined,
      page: () => 'https://app.test/',
      report: (error) => {
        throw error;
      },
      lifecycle: { listen: (page) => pages.push(page) },
    });
    const Cards = backbone.Collection.extend({ url: '/cards', follow: true, sync: medulla.sync });
    new Cards().fetch();
    opened.push(medulla);
  };
  const states = () =>
    new Set(
      opened.map(({ status }) => (status as unknown as { get(name: string): unknown }).get('connection')),
    );
  /** `every`: milliseconds between two. */
  const openTwelve = async (every: number) => {
    for (let n = 0; n < 12; n++) {
      open();
      if (every) await clock.advance(every);
    }
  };
  return { clock, hellos, attempts, network, pages, states, openTwelve };
}

describe('twelve tabs of one laptop', () => {
  it.each([0, 20])('[RS1] that open within a moment (%d ms apart) connect once', async (every) => {
    const { clock, hellos, attempts, states, openTwelve } = laptop();
    await openTwelve(every);
    await clock.advance(5_000);
    expect([hellos.length, attempts.length, [...states()]]).toEqual([1, 1, ['open']]);
  });

  it.each([0, 20])('[RS1] that open (%d ms apart) where there is no server try seldom', async (every) => {
    const { clock, attempts, openTwelve } = laptop(false);
    await openTwelve(every);
    await clock.advance(1_000 - 12 * every);
    expect(attempts.length).toBeLessThanOrEqual(5);
  });

  it.each([
    ['are told nothing', false],
    ['were frozen and are resumed', true],
  ])('[RS2] that wake after an hour, all timers due at once, and %s, connect once', async (_what, frozen) => {
    const { clock, hellos, attempts, network, pages, states, openTwelve } = laptop();
    await openTwelve(0);
    await clock.advance(5_000);
    if (frozen) for (const page of pages) page.hide();
    await clock.advance(100);
    clock.sleep(HOUR);
    // The server has given the link up long ago; it is heard of now.
    network.online = false;
    network.up = true;
    if (frozen) for (const page of pages) page.show();
    await clock.advance(10_000);
    expect([hellos.length, attempts.length, [...states()]]).toEqual([2, 2, ['open']]);
  });

  it('[RS2] that wake before their network does try seldom, and connect soon after it is there', async () => {
    const { clock, hellos, attempts, network, pages, states, openTwelve } = laptop();
    await openTwelve(0);
    await clock.advance(5_000);
    for (const page of pages) page.hide();
    await clock.advance(100);
    clock.sleep(HOUR);
    network.online = false;
    for (const page of pages) {
      page.show();
      await clock.advance(10);
    }
    await clock.advance(3_000);
    expect(attempts.length).toBeLessThanOrEqual(8);
    network.up = true;
    await clock.advance(6_000);
    expect([hellos.length, [...states()]]).toEqual([2, ['open']]);
  });
});
