import type { EngineName } from '../../support/engines/engine.ts';

/** What a scenario may need that not every engine or host has. */
export type Need = 'tabs' | 'workers' | 'own worker' | 'sleep' | 'crash' | 'persist';

type Lacks = Readonly<Partial<Record<Need, string>>>;

/** Why an engine cannot run what needs it. */
export const ENGINES: Readonly<Record<EngineName, Lacks>> = {
  chromium: {},
  firefox: {
    workers: 'its WebDriver BiDi reaches no SharedWorker, to stop or kill it',
    sleep: 'its WebDriver BiDi has no word for freezing a tab',
  },
  webkit: {
    workers: 'its WebDriver reaches no SharedWorker, to stop or kill it',
    sleep: 'its WebDriver has no word for freezing a tab',
    crash: 'its MiniBrowser keeps everything in memory while it is driven',
    persist: 'WebKitGTK has no navigator.storage',
  },
};

/** The values of the option `host` that are tested, and why one cannot have what a scenario needs. */
export const HOSTS: Readonly<Record<string, Lacks>> = {
  shared: {},
  leader: {
    workers: 'there is no worker',
    'own worker': 'there is no worker',
  },
  page: {
    tabs: 'each page is a hub of its own, and one alone has the database',
    workers: 'there is no worker',
    'own worker': 'there is no worker',
  },
};

/** Why the scenario cannot run in this cell; undefined where it can. */
export function lack(engine: EngineName, host: string, needs: readonly Need[]): string | undefined {
  for (const need of needs) {
    const [ofHost, ofEngine] = [HOSTS[host]?.[need], ENGINES[engine][need]];
    if (ofHost) return `${host}: ${ofHost}`;
    if (ofEngine) return `${engine}: ${ofEngine}`;
  }
  return undefined;
}
