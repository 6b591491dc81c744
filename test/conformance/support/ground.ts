import { onTestFinished } from 'vitest';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { until } from '../../support/until.ts';
import type { DialectServer } from '../dialects/dialect-server.ts';
import { type DialectTab, type DialectWorld, dialectWorld } from '../dialects/dialect-world.ts';
import { connectionOf } from '../dialects/rest-dialect.ts';

export interface Ground extends DialectTab {
  readonly world: DialectWorld;
}

type Served = DialectServer & { readonly url: string };

type Dialect = Attributes & { readonly name: string };

/** A tab whose hub speaks this dialect to a new server, once there is a connection; all ends after the test. */
export async function ground(server: Served, dialect: Dialect): Promise<Ground> {
  await server.start();
  onTestFinished(() => server.stop());
  return another(server, dialect);
}

/** The same, in another browser at a server that runs. */
export async function another(server: Served, dialect: Dialect): Promise<Ground> {
  const world = dialectWorld(connectionOf(dialect, server.url));
  onTestFinished(() => world.end());
  const tab = world.tab();
  await until(() => tab.medulla.status.get('connection') === 'open');
  return { ...tab, world };
}

/** What Backbone's methods return is a promise, whatever its types say. */
export const promised = (request: unknown) => request as Promise<unknown> & { readonly status: number };
