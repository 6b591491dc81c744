/** A server whose records an application keeps in a database of its own, and which may be killed in the middle of a write. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { createServer, sqliteStore } from '../../../src/server.ts';

export interface LedgerSettings {
  /** Where receipts and logs are, and where the application has its own. */
  readonly store: string;
  readonly backend: string;
  /** When the process is killed. */
  readonly dies?: 'before' | 'after';
}

const { store, backend, dies }: LedgerSettings = JSON.parse(process.argv[2] ?? '{}');
const db = new DatabaseSync(backend);
db.exec(`CREATE TABLE IF NOT EXISTS done (key TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS invoices (id INTEGER PRIMARY KEY, number TEXT)`);
const all = () => db.prepare('SELECT id, number FROM invoices').all() as { id: number; number: string }[];

/** As the manual has it: the work and the note that it was done are one transaction, and what is noted is not done again. */
function once(keys: readonly string[], work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  const noted = keys.map((key) => db.prepare('INSERT OR IGNORE INTO done VALUES (?)').run(key).changes);
  if (noted.every((changes) => changes === 1)) work();
  if (dies === 'before') process.kill(process.pid, 'SIGKILL');
  db.exec('COMMIT');
  if (dies === 'after') process.kill(process.pid, 'SIGKILL');
}

const http = createHttpServer();
const medulla = createServer(http, { store: sqliteStore(store), authenticate: ({ user }) => user });
medulla.resource('/invoices', {
  public: true,
  handlers: {
    read: ({ record }) => (record === null ? all() : (all().find(({ id }) => id === record) ?? null)),
    create({ user, ids, record, set }) {
      const add = db.prepare('INSERT INTO invoices VALUES (?, ?)');
      once(
        ids.map((id) => `${user} ${id}`),
        () => add.run(Number(record), String(set.number)),
      );
    },
  },
});
process.on('disconnect', () => process.exit());
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
