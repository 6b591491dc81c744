import { type RecordId, recordKey } from '../../src/protocol/ids.ts';
import type { Reader } from './clients/reader.ts';
import type { Writer } from './clients/writer.ts';
import type { Cluster } from './rig/cluster.ts';

export interface Verdict {
  readonly failures: readonly string[];
  /** What was delivered, in one line. */
  readonly totals: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** What has to hold of several nodes once all is quiet. */
export async function judge(
  { nodes }: Cluster,
  writers: readonly Writer[],
  readers: readonly Reader[],
): Promise<Verdict> {
  const failures: string[] = [];
  const writes = sum(writers, ({ tab }) => tab.n);
  for (const writer of writers) {
    if (writer.settled !== writer.tab.n)
      failures.push(`lost: ${writer.name} made ${writer.tab.n} writes, and ${writer.settled} have a receipt`);
    for (const failed of writer.failed.slice(0, 3)) failures.push(`refused: ${writer.name}: ${failed}`);
  }
  for (const reader of readers) {
    const { topic, transport } = reader.options;
    const own = writers.filter((writer) => writer.topic === topic);
    const made = sum(own, ({ tab }) => tab.n);
    const who = `a reader of ${topic} by ${transport}`;
    if (reader.offset !== made)
      failures.push(
        `${reader.offset < made ? 'missing' : 'doubled'}: ${who} is at ${reader.offset} of ${made}`,
      );
    const { live, caught, again } = reader.counts;
    if (again > 0) failures.push(`twice: ${who} was told ${again} changes a second time over one connection`);
    if (live + caught !== reader.offset)
      failures.push(`counted: ${who} was told ${live} and ${caught} of ${reader.offset}`);
    for (const problem of differing(reader, own).slice(0, 3)) failures.push(`differs: ${who}: ${problem}`);
  }
  for (const { died } of nodes) if (died) failures.push(`died: ${died}`);
  const counts = {
    writes,
    delivered: sum(readers, ({ counts }) => counts.live + counts.caught),
    live: sum(readers, ({ counts }) => counts.live),
    caught: sum(readers, ({ counts }) => counts.caught),
    again: sum(readers, ({ counts }) => counts.again),
    holes: sum(readers, ({ counts }) => counts.gaps),
    connections: sum(readers, ({ counts }) => counts.connections),
    moved: sum(readers, ({ nodes }) => nodes.size - 1),
    snapshots: sum(readers, ({ counts }) => counts.snapshots),
    ...(await deliveries(nodes)),
  };
  const totals = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  return { failures, totals: `${totals.join(', ')}; ${failures.length} failures`, counts };
}

function differing(reader: Reader, writers: readonly Writer[]): string[] {
  const problems: string[] = [];
  const expected = new Map(writers.flatMap(({ wrote }) => [...wrote]));
  for (const [record, n] of expected) {
    const found = reader.records.get(recordKey(record as RecordId))?.n;
    if (found !== n) problems.push(`${record} is ${found}, and was written as ${n}`);
  }
  if (reader.records.size !== expected.size)
    problems.push(`there are ${reader.records.size} records of ${expected.size}`);
  return problems;
}

/** What the nodes that live now have delivered since they began. */
async function deliveries(nodes: Cluster['nodes']): Promise<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const node of nodes)
    for (const [what, count] of Object.entries(await node.delivered()))
      total[what] = (total[what] ?? 0) + count;
  return total;
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((total, one) => total + of(one), 0);
