import { postgresStore } from '../../src/server/stores/postgres/postgres-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { contracts } from '../server/contracts.ts';
import { withPostgres } from '../support/postgres/with-postgres.ts';

withPostgres('PostgreSQL', {}, (world) => {
  contracts('postgres', () => postgresStore(world().pool(), { random: seededRandom(1) }));
});
