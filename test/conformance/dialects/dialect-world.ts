import type Backbone from 'backbone';
import { systemClock } from '../../../src/base/clock.ts';
import type { Log } from '../../../src/base/log.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { createMedulla, type Medulla } from '../../../src/client/create-medulla.ts';
import type { MedullaOptions } from '../../../src/client/options.ts';
import type { Connection } from '../../../src/hub/connection.ts';
import { TestBrowser } from '../../../src/testing/test-browser.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

export interface DialectTab {
  readonly backbone: typeof Backbone;
  readonly medulla: Medulla<typeof Backbone>;
  /** A collection of this url. */
  collection(url: string, properties?: object): Backbone.Collection;
  close(): void;
}

/** A browser whose hub speaks a dialect: real time, a real network, a disk in memory. */
export interface DialectWorld {
  tab(options?: MedullaOptions): DialectTab;
  /** All tabs are closed, and the hub with them; what is on the disk stays. */
  end(): Promise<void>;
}

export function dialectWorld(connection: Connection, log: Log = () => undefined): DialectWorld {
  const browser = new TestBrowser({
    connection: Object.assign(Object.create(connection), { up: true }),
    clock: systemClock,
    random: () => systemRandom,
    log,
  });
  const tabs = new Set<DialectTab>();
  return {
    tab(options = {}) {
      const backbone = freshBackbone();
      const medulla = createMedulla(backbone, {
        ids: 'server',
        whole: true,
        ...options,
        host: browser.host,
        remembered: browser.remembered,
        locks: browser.locks,
        clock: systemClock,
        random: systemRandom,
        log,
        report: (error) => {
          throw error;
        },
        page: () => 'http://localhost/',
      }).install();
      const tab: DialectTab = {
        backbone,
        medulla,
        collection: (url, properties = {}) => new (backbone.Collection.extend({ url, ...properties }))(),
        close() {
          if (tabs.delete(tab)) medulla.uninstall().close();
        },
      };
      tabs.add(tab);
      return tab;
    },
    async end() {
      for (const tab of [...tabs]) tab.close();
      await browser.end();
    },
  };
}
