import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { temporary } from './id-contract.ts';
import { receiptsOf, write } from './support/store-write.ts';

/** What version 1 made: written out here, since it is on disks. */
const VERSION_ONE = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE heads (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL UNIQUE, offset INTEGER NOT NULL, mark TEXT NOT NULL,
    floor INTEGER NOT NULL DEFAULT 0, floor_mark TEXT NOT NULL DEFAULT '');
  CREATE TABLE records (
    topic INTEGER NOT NULL, key TEXT NOT NULL, record, version INTEGER NOT NULL, attrs TEXT NOT NULL,
    PRIMARY KEY (topic, key)) WITHOUT ROWID;
  CREATE TABLE log (
    topic INTEGER NOT NULL, offset INTEGER NOT NULL, mark TEXT NOT NULL, at INTEGER NOT NULL, record,
    attrs TEXT, unset TEXT, PRIMARY KEY (topic, offset)) WITHOUT ROWID;
  CREATE TABLE receipts (
    number INTEGER PRIMARY KEY, user TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, offset INTEGER, body TEXT,
    UNIQUE (user, id));
  INSERT INTO meta VALUES ('epoch', 'old');
  INSERT INTO heads (id, topic, offset, mark) VALUES (1, '/tasks', 3, 'abcdef'), (2, '/notes', 1, 'abcdef');
  INSERT INTO records VALUES (1, '7', 7, 1, '{}'), (1, 'x99', 'x99', 2, '{}'), (2, 'text', 'text', 1, '{}');
  INSERT INTO log VALUES (1, 3, 'abcdef', 0, 9, NULL, NULL);
  PRAGMA user_version = 1;`;

/** And version 2. */
const VERSION_TWO = `${VERSION_ONE}
  ALTER TABLE heads ADD COLUMN last_id INTEGER NOT NULL DEFAULT 0;
  UPDATE heads SET last_id = 9 WHERE topic = '/tasks';
  PRAGMA user_version = 2;`;

it.each([VERSION_ONE, VERSION_TWO])(
  '[ID2] takes a database of before up to now, and counts on from the ids that are in it',
  async (tables) => {
    const folder = mkdtempSync(join(tmpdir(), 'medulla-upgrade-'));
    const file = join(folder, 'app.db');
    const old = new DatabaseSync(file);
    old.exec(tables);
    old.close();
    const store = sqliteStore(file);
    expect((await store.open()).epoch).toBe('old');
    const [, known] = await store.read([
      { topic: '/notes' as never, key: '1' as never },
      { topic: '/tasks' as never, key: '7' as never },
    ]);
    expect(known).toEqual([7, 1, {}]);
    const ask = (id: string, topic: string) =>
      write(id, 'create', temporary(1), {}, { asked: true, topic: topic as never });
    const outcomes = await store.commit([ask('a:1', '/tasks'), ask('a:2', '/notes')], 1);
    expect(outcomes.map((outcome) => receiptsOf(outcome)[0])).toMatchObject([{ record: 10 }, { record: 1 }]);
    await store.close();
    rmSync(folder, { recursive: true });
  },
);
