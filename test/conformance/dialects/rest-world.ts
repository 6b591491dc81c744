import { onTestFinished } from 'vitest';
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

/** A tab before a plain JSON server; both end with the test. */
export async function restWorld(dialect: Attributes = {}, options: MedullaOptions = {}): Promise<RestWorld> {
  const server = new RestServer();
  await server.start();
  onTestFinished(() => server.stop());
  const world = dialectWorld(connectionOf({ ...dialect, name: 'rest' }, server.url));
  onTestFinished(() => world.end());
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
