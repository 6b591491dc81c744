import type { EngineWorld } from '../../support/browser/engine-world.ts';
import type { Paths } from '../../support/browser/page-server.ts';
import { registerServiceWorker, SERVICE_WORKER_PATHS } from '../../support/browser/service-workers.ts';
import type { EngineName } from '../../support/engines/engine.ts';

/**
 * What a scenario may need that not every engine or host has. `tabs`: several of one hub. `own worker`: a SharedWorker is
 * the host; `workers`: the engine's protocol reaches it. `sleep`: tabs can be frozen and stopped. `kill`, `crash`: a tab's
 * process can be ended, and the whole browser. `mortal`: the host dies with the tab that made it. `persist`: there is `navigator.storage`.
 */
export type Need = 'tabs' | 'own worker' | 'workers' | 'sleep' | 'kill' | 'crash' | 'mortal' | 'persist';

type Lacks = Readonly<Partial<Record<Need, string>>>;

/** Why an engine cannot run what needs it. */
export const ENGINES: Readonly<Record<EngineName, Lacks>> = {
  chromium: {},
  firefox: {
    workers: 'its WebDriver BiDi reaches no SharedWorker, to stop or kill it',
    sleep: 'its WebDriver BiDi has no word for freezing a tab',
    kill: 'its WebDriver BiDi does not tell which process is whose tab',
  },
  webkit: {
    workers: 'its WebDriver reaches no SharedWorker, to stop or kill it',
    sleep: 'its WebDriver has no word for freezing a tab',
    crash: 'its MiniBrowser keeps everything in memory while it is driven',
    persist: 'WebKitGTK has no navigator.storage',
  },
};

interface HostCell {
  readonly lacks: Lacks;
  /** What the page server has to have, and what is to be done before the first tab. */
  readonly paths?: Paths;
  readonly prepare?: (world: EngineWorld) => Promise<void>;
}

/** The values of the option `host` that are tested, and why one cannot have what a scenario needs. */
export const HOSTS: Readonly<Record<string, HostCell>> = {
  shared: { lacks: {} },
  leader: {
    lacks: {
      'own worker': 'a tab is the host',
    },
  },
  service: {
    lacks: {
      'own worker': 'its worker is the service worker',
      mortal: 'it outlives its tabs',
    },
    paths: SERVICE_WORKER_PATHS,
    async prepare(world) {
      const page = await world.page('/blank');
      await registerServiceWorker(page);
      await page.close();
    },
  },
  page: {
    lacks: {
      tabs: 'each page is a hub of its own, and one alone has the database',
      'own worker': 'there is no worker',
      workers: 'there is no worker',
    },
  },
};

/** Why the scenario cannot run in this cell; undefined where it can. */
export function lack(engine: EngineName, host: string, needs: readonly Need[]): string | undefined {
  for (const need of needs) {
    const [ofHost, ofEngine] = [HOSTS[host]?.lacks[need], ENGINES[engine][need]];
    if (ofHost) return `${host}: ${ofHost}`;
    if (ofEngine) return `${engine}: ${ofEngine}`;
  }
  return undefined;
}
