import { expect, it } from 'vitest';
import type { Entry } from '../../src/protocol/change.ts';
import type { MutationId } from '../../src/protocol/ids.ts';
import { conflate } from '../../src/server/commit/conflate.ts';
import { openDatabase } from '../../src/server/stores/sqlite-database.ts';
import { SqliteLook } from '../../src/server/stores/sqlite-look.ts';
import { SqliteReceipts } from '../../src/server/stores/sqlite-receipts.ts';
import { statements } from '../../src/server/stores/sqlite-statements.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { FakePeer, sent, TASKS } from '../server/support/fake-peer.ts';
import { ANN, write } from '../server/support/store-write.ts';
import { testCore } from '../server/support/test-core.ts';

const names = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`);
const wide = (count: number) => Object.fromEntries(names(count).map((name) => [name, 1]));

// Each of these would take minutes if every name were looked for among all the others.

it('[LI21] is told quickly where the server adds to a write of very many names', async () => {
  const { core } = testCore();
  core.resource('/tasks', { public: true }).use('update', async (ctx, next) => {
    ctx.set.by = ctx.user;
    await next();
  });
  const peer = await FakePeer.connect(core);
  const write = sent('a:1', { method: 'update', unset: names(150_000) });
  expect(await peer.push(write)).toMatchObject([{ type: 'applied', set: { by: '' } }]);
});

it('[LI21] is found out quickly where very many names are not what their author has seen', async () => {
  const { core } = testCore({ limits: { record: 4_000_000 } });
  core.resource('/tasks', { public: true, conflict: 'reject' });
  const set = wide(50_000);
  await core.publish(TASKS, { record: 'x', set });
  await core.publish(TASKS, { record: 'x', set: { more: 1 } });
  const peer = await FakePeer.connect(core);
  const was = Object.fromEntries(names(50_000).map((name) => [name, 0]));
  expect(await peer.types(sent('a:1', { method: 'update', set, was, base: 1 }))).toEqual(['applied']);
});

it('[LI21] is folded quickly where a record of very many names was changed often', () => {
  const entries: Entry[] = [['x', 1, wide(20_000), '*']];
  for (let offset = 2; offset <= 20_000; offset++)
    entries.push(offset % 2 ? ['x', offset, { [`n${offset}`]: offset }] : ['x', offset, {}, [`n${offset}`]]);
  const [[, offset, set] = []] = conflate(entries);
  expect([offset, Object.keys(set ?? {}).length]).toEqual([20_000, 10_001]);
  expect(set).toMatchObject({ n0: 1, n1: 1, n19999: 19_999 });
});

it('[LI21] is looked up at once by SQLite where very many writes were folded into one', () => {
  const { db } = openDatabase(':memory:', seededRandom(1));
  const sql = statements(db);
  const look = new SqliteLook(sql, new SqliteReceipts(sql));
  look.ahead([write('a:1', 'create', 'x'), write(names(200_000), 'create', 'y')], () => 1);
  expect(look.receipt(ANN, 'n199999' as MutationId)).toBeUndefined();
  db.close();
});
