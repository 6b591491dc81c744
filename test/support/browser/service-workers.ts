import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CDPSession } from 'playwright-core';
import { TODAY } from '../builds/build-of.ts';
import type { EngineTab } from '../engines/engine.ts';
import { until } from '../until.ts';
import type { Paths } from './page-server.ts';
import type { World } from './world.ts';

/** The package's service worker where its scope is the whole site; another version of it at each other query. */
export const SERVICE_WORKER_PATHS: Paths = {
  '/blank': () => '<!doctype html><title>Blank</title>',
  '/service-worker.js': async ({ search }) =>
    `/* ${search} */ ${await readFile(join(TODAY, 'service-worker.js'), 'utf8')}`,
};

interface Registration {
  readonly registrationId: string;
  readonly scopeURL: string;
  readonly isDeleted: boolean;
}

/** The browser's service workers, from outside: whoever attaches to one keeps it alive. */
export class ServiceWorkers {
  readonly #session: CDPSession;
  readonly #registrations = new Map<string, Registration>();

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      for (const one of registrations) this.#registrations.set(one.registrationId, one);
    });
  }

  /** Over a page that is nobody's: it is no client of any, and stays when all others are closed. */
  static async open(world: World): Promise<ServiceWorkers> {
    const page = await world.context.newPage();
    const workers = new ServiceWorkers(await world.context.newCDPSession(page));
    await workers.#session.send('ServiceWorker.enable');
    return workers;
  }

  /** Ends them where they stand, as the browser does with idle ones; registrations stay. */
  async stop(): Promise<void> {
    await this.#session.send('ServiceWorker.stopAllWorkers');
  }

  /** What the browser does once there is a network, where a page has asked for it. */
  async sync(): Promise<void> {
    const registration = await until('a registration', () =>
      [...this.#registrations.values()].find(({ isDeleted }) => !isDeleted),
    );
    const { registrationId, scopeURL } = registration;
    const origin = new URL(scopeURL).origin;
    await this.#session.send('ServiceWorker.dispatchSyncEvent', {
      ...{ origin, registrationId, tag: 'medulla', lastChance: false },
    });
  }
}

/** Has the page register the service worker, and waits until that controls it. */
export async function registerServiceWorker(page: EngineTab, version = ''): Promise<void> {
  await page.evaluate(async (version) => {
    const { serviceWorker } = navigator;
    const controlled = new Promise((resolve) => {
      serviceWorker.addEventListener('controllerchange', resolve, { once: true });
      if (serviceWorker.controller) resolve(undefined);
    });
    await serviceWorker.register(`/service-worker.js${version}`, { type: 'module' });
    await controlled;
  }, version);
}

/** The version of the service worker that waits takes over, with what the page says. */
export const letTakeOver = (page: EngineTab): Promise<void> =>
  page.evaluate(async () => {
    const { serviceWorker } = navigator;
    const registration = await serviceWorker.ready;
    const changed = new Promise((resolve) =>
      serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    );
    registration.waiting?.postMessage({ type: 'SKIP_WAITING' });
    await changed;
  });
