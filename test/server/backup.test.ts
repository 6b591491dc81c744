import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Mark, MutationId } from '../../src/protocol/ids.ts';
import type { Store } from '../../src/server/store.ts';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { sent, TASKS } from './support/fake-peer.ts';
import { ANN, TOPIC, write } from './support/store-write.ts';
import { publicCore } from './support/test-core.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medulla-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

const text = 'x'.repeat(2_000);
/** A batch of two, on two records. */
const pair = (n: number) =>
  [1, 2].map((k) =>
    write(`a:${n}-${k}`, 'update', k, { n, text }, { base: null, batch: `${n}` as MutationId }),
  );
const command = (...args: string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../../src/init.ts'), ...args], {
    encoding: 'utf8',
  });

/** What is in it is one moment: each batch whole, each change in the log, each with its receipt. */
async function expectWhole(store: Store): Promise<number> {
  const { epoch } = await store.open();
  const { rows } = await store.page(TOPIC, null, { rows: 9, bytes: 99_999 });
  const [one, two] = rows.map(([, , attrs]) => attrs.n);
  expect(one).toBe(two);
  const missed = await store.log(TOPIC, { epoch, offset: 0, mark: '' as Mark });
  expect(missed?.cursor.offset).toBe(await store.number());
  const ids = Array.from({ length: Number(one) + 1 }, (_, n) => [1, 2].map((k) => `a:${n}-${k}`)).flat();
  const asked = ids.map((id) => ({ id: id as MutationId, number: 0 }));
  expect((await store.receipts(ANN, asked)).size).toBe(ids.length);
  return Number(one);
}

it('[PG8] copies a database while it is written to, as of the moment when it began', async () => {
  const store = sqliteStore(file('app.db'));
  await store.open();
  let n = 0;
  for (; n < 200; n++) await store.commit(pair(n), 1);
  let isOver = false;
  const backup = store.backup(file('copy.db')).finally(() => {
    isOver = true;
  });
  while (!isOver) await store.commit(pair(n++), 1);
  await backup;
  const copy = sqliteStore(file('copy.db'));
  expect(n).toBeGreaterThan(200);
  expect(await expectWhole(copy)).toBe(199);
  expect(existsSync(file('copy.db.part'))).toBe(false);
  await copy.close();
  await store.close();
});

it('[PG8] copies a database that another process uses', async () => {
  const store = sqliteStore(file('app.db'));
  await store.open();
  for (let n = 0; n < 20; n++) await store.commit(pair(n), 1);
  expect(command('backup', file('app.db'), file('copy.db'))).toMatchObject({
    status: 0,
    stdout: `${file('copy.db')}\n`,
  });
  await store.commit(pair(20), 1);
  const copy = sqliteStore(file('copy.db'));
  expect(await expectWhole(copy)).toBe(19);
  expect((await copy.open()).epoch).toBe((await store.open()).epoch);
  await copy.close();
  await store.close();
});

it('[PG8] writes over nothing, and leaves nothing half done', async () => {
  const store = sqliteStore(file('app.db'));
  await store.open();
  const error = { code: 'storage', message: expect.stringContaining('may be the only copy') };
  await expect(store.backup(file('app.db'))).rejects.toMatchObject(error);
  await expect(store.backup(file('none/copy.db'))).rejects.toMatchObject({ code: 'storage' });
  await store.close();
  expect(command('backup', file('none.db'), file('copy.db'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`there is no ${file('none.db')}`),
  });
  expect(existsSync(file('copy.db'))).toBe(false);
});

it('[PG9] is restored by being put in its place: who had seen more begins anew, and what was not answered is done', async () => {
  const before = sqliteStore(file('app.db'));
  const first = await publicCore({ store: before });
  await first.peer.push(sent('a:1', { record: 'x' }));
  await before.backup(file('copy.db'));
  await first.peer.push(sent('a:2', { record: 'y' }));
  const seen = await before.head(TASKS);
  expect(await first.peer.follow(TASKS, seen)).toMatchObject({ type: 'changes' });
  await first.core.close();
  for (const end of ['', '-wal', '-shm']) rmSync(file(`app.db${end}`), { force: true });
  copyFileSync(file('copy.db'), file('app.db'));
  const { core, peer } = await publicCore({ store: sqliteStore(file('app.db')) });
  expect(await peer.follow(TASKS, seen)).toMatchObject({ type: 'snapshot', cursor: { offset: 1 } });
  expect(await peer.types(sent('a:1', { record: 'x' }), sent('a:3', { record: 'z' }))).toEqual([
    'duplicate',
    'applied',
  ]);
  // The same offset, and not the same change.
  expect(await peer.follow(TASKS, seen)).toMatchObject({ type: 'snapshot', cursor: { offset: 2 } });
  await core.close();
});

it('[PG8] says in one sentence which Node it needs, on one without SQLite', () => {
  const init = join(import.meta.dirname, '../../src/init.ts');
  writeFileSync(file('app.db'), '');
  const args = ['--no-experimental-sqlite', init, 'backup', file('app.db'), file('copy.db')];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const why = `a backup needs node:sqlite, which Node has from 22.16 on, and this is ${process.version}: run it on Node 24.`;
  expect([status, stderr]).toEqual([1, `Cannot back up to ${file('copy.db')}: ${why}\n`]);
});
