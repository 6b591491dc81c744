import { afterEach } from 'vitest';
import type { MedullaOptions } from '../../../src/client/options.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { DialectServer } from '../dialects/dialect-server.ts';
import { type DialectTab, type DialectWorld, dialectWorld, until } from '../dialects/dialect-world.ts';
import { connectionOf } from '../dialects/rest-dialect.ts';

export interface Ground extends DialectTab {
  readonly world: DialectWorld;
}

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

type Served = DialectServer & { readonly url: string };

/** A tab whose hub speaks this dialect to the server, once there is a connection; all ends after the test. */
export async function ground(
  server: Served,
  dialect: Attributes & { readonly name: string },
  options: MedullaOptions = {},
): Promise<Ground> {
  await server.start();
  ends.push(() => server.stop());
  const world = dialectWorld(connectionOf(dialect, server.url));
  ends.push(() => world.end());
  const tab = world.tab(options);
  await until(() => tab.medulla.status.get('connection') === 'open');
  return { ...tab, world };
}

/** What Backbone's methods return is a promise, whatever its types say. */
export const promised = (request: unknown) => request as Promise<unknown> & { readonly status: number };
