import { describe, expect, it } from 'vitest';
import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { withPostgres } from '../support/postgres/with-postgres.ts';
import { feeder } from './feeder.ts';
import { runTarget } from './run-target.ts';
import { storesWith } from './targets/stores.ts';

describe('the same writes', { timeout: 60_000 }, () => {
  it('[HI15] come to the same in memory and in SQLite', () => feeder(1_200, 'stores')('stores'));
});

withPostgres('the same writes', {}, (world) => {
  it('[HI15] come to the same in PostgreSQL, too', async () => {
    const target = storesWith('PostgreSQL', () => postgresStore(world().pool()));
    const { findings } = await runTarget(target, { seed: 1, frames: 300 });
    expect(findings).toEqual([]);
  });
});
