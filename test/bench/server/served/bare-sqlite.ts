import { systemRandom } from '../../../../src/base/random.ts';
import { openDatabase } from '../../../../src/server/stores/sqlite-database.ts';
import { statements } from '../../../../src/server/stores/sqlite-statements.ts';
import { monotonic } from '../../clock.ts';
import { rowsOf } from './bare-rows.ts';
import type { BareServed } from './load-served.ts';

/** The statements of our SQLite store, prepared once, in a file of the same settings: BEGIN, three rows a write, the heads, COMMIT. */
export function bareSqlite(file: string): BareServed {
  const { db } = openDatabase(file, systemRandom);
  const sql = statements(db);
  const heads = new Map<string, { readonly id: number; offset: number }>();
  const head = (topic: string) => {
    const found = heads.get(topic) ?? { id: sql.addHead.get(topic)?.[0] ?? 0, offset: 0 };
    heads.set(topic, found);
    return found;
  };
  return {
    async write(first, writes, batch, topics) {
      const rows = rowsOf(first, writes, topics);
      const start = monotonic();
      for (let at = 0; at < writes; at += batch) {
        const moved = new Set<ReturnType<typeof head>>();
        sql.begin.run();
        for (const { topic, mutation, record, json } of rows.slice(at, at + batch)) {
          const its = head(topic);
          its.offset++;
          moved.add(its);
          sql.addReceipt.run('', mutation, 0, its.offset, null);
          sql.addLog.run(its.id, its.offset, 'abcdef', 0, record, json, '*', null);
          sql.putRecord.run(its.id, record, record, its.offset, json);
        }
        for (const { id, offset } of moved) sql.setHead.run(offset, 'abcdef', 0, id);
        sql.commit.run();
        // As between two pushes: what else the process has to do is not kept waiting.
        await new Promise(setImmediate);
      }
      return monotonic() - start;
    },
    close: async () => db.close(),
  };
}
