import { afterEach } from 'vitest';
import type { MedullaOptions } from '../../../src/client/options.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { type DialectTab, type DialectWorld, dialectWorld } from './dialect-world.ts';
import { connectionOf } from './rest-dialect.ts';
import { type Received, RestServer } from './rest-server.ts';

export interface RestWorld {
  readonly server: RestServer;
  readonly world: DialectWorld;
  readonly tab: DialectTab;
  /** The last request that came, but for reads. */
  written(): Received;
}

const ending: (() => Promise<unknown>)[] = [];

/** Has what a test began end with it. */
export function endRestWorlds(): void {
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });
}

/** A tab before a plain JSON server. */
export async function restWorld(dialect: Attributes = {}, options: MedullaOptions = {}): Promise<RestWorld> {
  const server = new RestServer();
  await server.start();
  ending.push(() => server.stop());
  const world = dialectWorld(connectionOf({ ...dialect, name: 'rest' }, server.url));
  ending.push(() => world.end());
  return {
    server,
    world,
    tab: world.tab(options),
    written() {
      const last = server.received.findLast(({ method }) => method !== 'GET');
      if (!last) throw new Error('Nothing was written');
      return last;
    },
  };
}
