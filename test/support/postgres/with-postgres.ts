import { afterAll, beforeAll, describe, vi } from 'vitest';
import { findServer } from '../../tools/find-server.ts';
import { type PostgresWorld, postgresWorld } from './postgres-world.ts';

/** Tests over a PostgreSQL of their own; skipped where there is none, as `npm test` says. */
export function withPostgres(
  name: string,
  settings: Readonly<Record<string, string>>,
  tests: (world: () => PostgresWorld) => void,
): void {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  describe.skipIf('missing' in findServer('postgres'))(name, () => {
    let world: PostgresWorld | undefined;
    beforeAll(async () => {
      world = await postgresWorld(settings);
    });
    afterAll(() => world?.end());
    tests(() => {
      if (!world) throw new Error('PostgreSQL has started');
      return world;
    });
  });
}
