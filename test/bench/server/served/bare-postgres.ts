import { Pool } from 'pg';
import type { Attributes } from '../../../../src/protocol/attributes.ts';
import type { Mark, MutationId, UserId } from '../../../../src/protocol/ids.ts';
import { CommitRows, type Head } from '../../../../src/server/stores/postgres/commit-rows.ts';
import { migrationSteps } from '../../../../src/server/stores/postgres/migrations.ts';
import {
  ADD_HEADS,
  BEGIN,
  DURABLE,
  WRITE,
} from '../../../../src/server/stores/postgres/postgres-statements.ts';
import { monotonic } from '../../clock.ts';
import { topicOf } from '../topics.ts';
import { type BareRow, rowsOf } from './bare-rows.ts';
import type { BareServed } from './load-served.ts';

/** The statement with which our PostgreSQL store writes a whole batch, made before the clock starts: BEGIN, that, COMMIT. */
export async function barePostgres(url: string, schema: string): Promise<BareServed> {
  const pool = new Pool({ connectionString: url, options: `-c search_path=${schema}`, max: 1 });
  for (const step of migrationSteps(0)) await pool.query(step);
  const heads = new Map<string, Head>();
  const join = async (topics: number) => {
    const names = Array.from({ length: topics }, (_, at) => topicOf(at)).filter((name) => !heads.has(name));
    await pool.query(ADD_HEADS, [names]);
    const { rows } = await pool.query<{ topic: string; id: string }>('SELECT topic, id FROM medulla_heads');
    for (const { topic, id } of rows)
      if (!heads.has(topic))
        heads.set(topic, { id: Number(id), offset: 0, mark: 'abcdef' as Mark, lastId: 0 });
  };
  return {
    async write(first, writes, batch, topics) {
      await join(topics);
      const rows = rowsOf(first, writes, topics);
      const groups = Array.from({ length: Math.ceil(writes / batch) }, (_, at) =>
        valuesOf(rows.slice(at * batch, (at + 1) * batch), heads),
      );
      const start = monotonic();
      for (const values of groups) {
        await pool.query(`${BEGIN}; ${DURABLE}`);
        await pool.query({ name: 'write', text: WRITE, values: [...values] });
        await pool.query('COMMIT');
      }
      return monotonic() - start;
    },
    close: () => pool.end(),
  };
}

function valuesOf(rows: readonly BareRow[], heads: ReadonlyMap<string, Head>) {
  const sheet = new CommitRows();
  for (const { topic, mutation, record, json } of rows) {
    const head = heads.get(topic);
    if (!head) throw new Error(`${topic} has no head`);
    const offset = ++head.offset;
    const ids = [mutation as MutationId];
    const attrs = JSON.parse(json) as Attributes;
    const receipt = { type: 'applied', ids, offset } as const;
    sheet.receipt('' as UserId, receipt, 0);
    const entry = [record, offset, attrs, '*', ids] as const;
    sheet.change(topic + record, head, { type: 'change', receipt, entry, attrs, json }, 0);
  }
  return sheet.values;
}
