import { afterAll, beforeAll, describe, vi } from 'vitest';
import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { contracts } from '../server/contracts.ts';
import { type PostgresWorld, postgresWorld } from '../support/postgres/postgres-world.ts';
import { findServer } from '../tools/find-server.ts';

// Hundreds of transactions, one after the other.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

describe.skipIf('missing' in findServer('postgres'))('PostgreSQL', () => {
  let world: PostgresWorld;
  beforeAll(async () => {
    world = await postgresWorld();
  });
  afterAll(() => world.end());

  contracts('postgres', () => postgresStore(world.pool(), { random: seededRandom(1) }));
});
