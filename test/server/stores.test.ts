import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import type { MutationId } from '../../src/protocol/ids.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { compactSqlite } from '../../src/server/stores/sqlite-compact.ts';
import { openDatabase } from '../../src/server/stores/sqlite-database.ts';
import { statements } from '../../src/server/stores/sqlite-statements.ts';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { contracts } from './contracts.ts';
import { commit, TOPIC, write } from './support/store-write.ts';

const folder = mkdtempSync(join(tmpdir(), 'medulla-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const newFile = () => join(folder, `${files++}.db`);

const memory = () => memoryStore({ random: seededRandom(1) });
const sqlite = () => sqliteStore(newFile(), { random: seededRandom(1) });
contracts('memory', memory);
contracts('sqlite', sqlite);

describe('the SQLite store', () => {
  it('[DB13] flushes each transaction to the disk', () => {
    const { db } = openDatabase(newFile(), seededRandom(1));
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    // 2 is FULL.
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    db.close();
  });

  it('[DB13] takes what comes in one turn of the event loop in one transaction, in order', async () => {
    const file = newFile();
    const store = sqliteStore(file);
    await store.open();
    const seen: number[] = [];
    const watcher = new DatabaseSync(file);
    const count = () => Number(watcher.prepare('SELECT count(*) AS n FROM log').get()?.n);
    const commits = [1, 2, 3].map(async (n) => {
      await commit(store, write(`a:${n}`, 'update', 'x', { n }, { base: null }));
      seen.push(count());
    });
    await Promise.all(commits);
    expect(seen).toEqual([3, 3, 3]);
    expect((await store.page(TOPIC, null, { rows: 9, bytes: 999 })).rows).toEqual([['x', 3, { n: 3 }]]);
    watcher.close();
    await store.close();
  });

  it('[DB14] lets a write that SQLite cannot carry out fail alone', async () => {
    const file = newFile();
    const store = sqliteStore(file);
    await store.open();
    const other = new DatabaseSync(file);
    other.exec(`CREATE TRIGGER poison BEFORE INSERT ON records WHEN NEW.key = 'poison'
                BEGIN SELECT RAISE(ABORT, 'poison'); END`);
    other.close();
    const beside = commit(store, write('b:1', 'create', 'z', {}));
    const outcomes = commit(
      store,
      write('a:1', 'create', 'x'),
      write('a:2', 'create', 'poison'),
      write('a:3', 'update', 'poison', { n: 1 }),
      write('a:4', 'create', 'y'),
    );
    expect(await outcomes).toEqual(['applied', 'failed', 'moved', 'applied']);
    expect(await beside).toEqual(['applied']);
    expect((await store.head(TOPIC)).offset).toBe(3);
    expect(
      (await store.log(TOPIC, { ...(await store.head(TOPIC)), offset: 0, mark: '' as never }))?.entries,
    ).toEqual([
      ['z', 1, {}, '*'],
      ['x', 2, {}, '*'],
      ['y', 3, {}, '*'],
    ]);
    await store.close();
  });

  it('[BA1] commits nothing of a batch of which SQLite cannot carry out one', async () => {
    const file = newFile();
    const store = sqliteStore(file);
    await store.open();
    const other = new DatabaseSync(file);
    other.exec(`CREATE TRIGGER poison BEFORE INSERT ON records WHEN NEW.key = 'poison'
                BEGIN SELECT RAISE(ABORT, 'poison'); END`);
    other.close();
    const batch = 'a:1' as MutationId;
    const outcomes = await commit(
      store,
      write('a:1', 'create', 'x', {}, { batch }),
      write('a:2', 'create', 'poison', {}, { batch }),
      write('a:3', 'create', 'y'),
    );
    expect(outcomes).toEqual(['failed', 'failed', 'applied']);
    expect((await store.page(TOPIC, null, { rows: 9, bytes: 999 })).rows).toEqual([['y', 1, {}]]);
    await store.close();
  });

  it('[PG7] trims slice by slice: what is written meanwhile does not wait for the end', async () => {
    const store = sqliteStore(newFile());
    await store.open();
    const writes = Array.from({ length: 9_000 }, (_, n) =>
      write(`a:${n}`, 'update', 'x', { n }, { base: null }),
    );
    await store.commit(writes, 1);
    const order: string[] = [];
    const trimmed = store
      .trim({ log: () => ({ changes: 10, before: 0 }), receiptsBefore: 2 })
      .then(() => order.push('trimmed'));
    for (const n of [1, 2, 3]) {
      await store.commit([write(`b:${n}`, 'create', n)], 2);
      order.push('committed');
    }
    await trimmed;
    expect(order).toEqual(['committed', 'committed', 'committed', 'trimmed']);
    expect(await store.size?.()).toMatchObject({ log: 10, receipts: 3 });
    await store.close();
  });

  it('[PG11] keeps of what was overwritten in a long log its place alone', async () => {
    const file = newFile();
    const store = sqliteStore(file);
    await store.open();
    const text = 'x'.repeat(100);
    const writes = Array.from({ length: 2_500 }, (_, n) =>
      write([], 'update', n % 4, { [`n${n % 3}`]: text }, { base: null }),
    );
    await store.commit(writes, 1);
    await store.trim({ log: () => ({ changes: 10_000, before: 0 }), receiptsBefore: 0 });
    const watcher = new DatabaseSync(file);
    const count = watcher.prepare("SELECT count(*) AS n, sum(attrs <> '{}') AS kept FROM log").get();
    // Four records in each of two thousands, and the rest as it was.
    expect(count).toEqual({ n: 2_500, kept: 8 + 500 });
    watcher.close();
    await store.close();
  });

  it('[PG11] compacts a log that was trimmed meanwhile, all of it, once it is long again', async () => {
    const file = newFile();
    const store = sqliteStore(file);
    await store.open();
    const commitSome = () =>
      store.commit(
        Array.from({ length: 1_000 }, (_, n) => write([], 'update', 'x', { n }, { base: null })),
        1,
      );
    await commitSome();
    const { db } = openDatabase(file, seededRandom(1));
    const sql = statements(db);
    const done = new Map<number, number>();
    await compactSqlite(sql, done, async (slice) => {
      await store.trim({ log: () => ({ changes: 0, before: 2 }), receiptsBefore: 0 });
      return slice();
    });
    await commitSome();
    await compactSqlite(sql, done, async (slice) => slice());
    const count = db.prepare("SELECT count(*) AS n, sum(attrs <> '{}') AS kept FROM log").get();
    expect(count).toEqual({ n: 1_000, kept: 1 });
    db.close();
    await store.close();
  });

  it('[DB8] refuses a file of a newer schema, and leaves it alone', async () => {
    const file = newFile();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(sqliteStore(file).open()).rejects.toThrow('its schema is 99');
  });

  it('[DB16] that cannot be opened names the file and the cause', async () => {
    const notes = newFile();
    writeFileSync(notes, 'These are notes, and no database at all. '.repeat(40));
    const missing = join(folder, 'none', 'app.db');
    for (const [file, cause] of [
      [notes, 'file is not a database'],
      [folder, 'unable to open'],
      [missing, `there is no folder ${join(folder, 'none')}: create it first`],
    ] as const) {
      const message = expect.stringContaining(`sqliteStore cannot open ${file}: ${cause}`);
      await expect(sqliteStore(file).open()).rejects.toMatchObject({ code: 'storage', message });
    }
  });

  it('[DB17] is the only thing that needs node:sqlite, and says which Node has it', () => {
    const door = join(import.meta.dirname, '../../src/server.ts');
    const code = `
      const { memoryStore, sqliteStore } = await import(${JSON.stringify(door)});
      await memoryStore().open();
      try { sqliteStore('app.db'); } catch ({ code, message }) { console.log(code, message); }`;
    const flags = ['--no-experimental-sqlite', '--input-type=module', '-e'];
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, code], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^bad-option .*Node has from 22\.16 on/), '']);
  });

  it('[DB8] has another epoch in another database', async () => {
    const [a, b] = [sqliteStore(newFile()), sqliteStore(newFile())];
    expect((await a.open()).epoch).not.toBe((await b.open()).epoch);
    await Promise.all([a.close(), b.close()]);
  });
});
