import { expect, it } from 'vitest';
import { Database } from '../bench/server/database.ts';
import { inLoadCell } from '../bench/server/load-cell.ts';
import { runSoak } from '../bench/server/run-soak.ts';

const CONNECTIONS = 50;
const RECORDS = 500;

it('[LO1] an idle connection keeps nothing of what it was answered', async () => {
  const bytes = await inLoadCell({ scale: 1, database: new Database() }, 'sqlite', async (cell) => {
    const { server, crowd, entrance } = cell;
    await server.order('seed', 0, 1, RECORDS);
    const come = async () => {
      await crowd.order('connect', entrance, CONNECTIONS);
      await crowd.order('follow', CONNECTIONS, 1);
    };
    await come();
    const before = await server.order('memory');
    await come();
    return ((await server.order('memory')).heap - before.heap) / CONNECTIONS;
  });
  // A connection is some 15 kB, and the snapshot that each was answered is more than 100 kB.
  expect(bytes).toBeLessThan(40_000);
}, 60_000);

it('[LO2] whoever came and went, and whatever was written, leaves nothing in the memory of the server', async () => {
  const { bytesARound } = await runSoak((rounds) => rounds === 10);
  // A hundred sessions are 200 kB, and a thousand writes anything from 100 kB on.
  expect(bytesARound).toBeLessThan(40_000);
}, 120_000);
