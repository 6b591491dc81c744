import { monotonic } from '../../clock.ts';
import { type BareRow, rowsOf } from './bare-rows.ts';
import type { BareServed } from './load-served.ts';

/** What any store in memory has to do: a Map of records and a log for each topic, and a Map of receipts. */
export function bareMemory(): BareServed {
  const topics = new Map<string, { readonly records: Map<string, object>; readonly log: object[] }>();
  const receipts = new Map<string, number>();
  const add = ({ topic, mutation, record }: BareRow, set: object) => {
    const its = topics.get(topic) ?? { records: new Map<string, object>(), log: [] };
    topics.set(topic, its);
    const offset = its.log.push({ record, set });
    its.records.set(record, { offset, set });
    receipts.set(mutation, offset);
  };
  return {
    async write(first, writes, batch, topics) {
      const rows = rowsOf(first, writes, topics);
      const sets: object[] = rows.map(({ json }) => JSON.parse(json));
      const start = monotonic();
      for (let at = 0; at < writes; at += batch) {
        for (const [n, row] of rows.slice(at, at + batch).entries()) add(row, sets[at + n] ?? {});
        // As between two pushes: what else the process has to do is not kept waiting.
        await new Promise(setImmediate);
      }
      return monotonic() - start;
    },
    close: async () => {},
  };
}
