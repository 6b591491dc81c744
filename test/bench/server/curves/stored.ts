import type { Curve } from '../curve.ts';
import type { LoadCell } from '../load-cell.ts';
import { topicOf } from '../topics.ts';
import { ofAsking, ofWrite, warmUp } from './costs.ts';

const STORES = ['medulla', 'sqlite', 'postgres'] as const;
const WRITE = 'server CPU a write, µs';

/** Measures at each step, after what is missing to it has been made. */
const along =
  (
    begin: (cell: LoadCell) => Promise<void>,
    grow: (cell: LoadCell, from: number, to: number) => Promise<void>,
    cost: (cell: LoadCell, step: number) => Promise<number>,
  ): Curve['measure'] =>
  async (cell, steps) => {
    await begin(cell);
    const values: number[] = [];
    let from = 0;
    for (const to of steps) {
      await grow(cell, from, to);
      values.push(await cost(cell, to));
      from = to;
    }
    return values;
  };

const withRecords = ({ server }: LoadCell, from: number, to: number) => server.order('fill', 0, from, to);
const withChanges = ({ server }: LoadCell, from: number, to: number) => server.order('grow', 0, from, to);

/** Writes to one topic, the more of something that has. */
const ofWrites = (grow: typeof withRecords): Omit<Curve, 'name' | 'title' | 'x'> => ({
  y: WRITE,
  contestants: STORES,
  steps: [1_000, 5_000, 10_000, 20_000, 40_000],
  measure: along(
    (cell) => warmUp(cell, 1),
    grow,
    (cell) => ofWrite(cell, 1),
  ),
});

export const topics: Curve = {
  name: 'topics',
  title: 'A write, the more topics there are',
  x: 'topics with 10 records each',
  y: WRITE,
  contestants: STORES,
  steps: [500, 1_000, 2_500, 5_000, 10_000],
  measure: along(
    (cell) => warmUp(cell, 100),
    ({ server }, from, to) => server.order('seed', from, to, 10),
    ofWrite,
  ),
};

export const records: Curve = {
  name: 'records',
  title: 'A write, the more records its topic has',
  x: 'records in the topic',
  ...ofWrites(withRecords),
};

export const snapshots: Curve = {
  name: 'snapshots',
  title: 'A snapshot, the more records the topic has',
  x: 'records in the topic',
  y: 'server CPU a snapshot, ms',
  contestants: STORES,
  steps: records.steps,
  measure: along(
    (cell) => warmUp(cell, 1),
    withRecords,
    (cell) => ofAsking(cell, 3, () => cell.crowd.order('load', topicOf(0))),
  ),
};

export const logs: Curve = {
  name: 'log',
  title: "A write, the longer its topic's log is",
  x: 'changes in the log',
  ...ofWrites(withChanges),
};

export const catchUps: Curve = {
  name: 'catch-up',
  title: 'A catch-up, the more changes were missed',
  x: 'changes missed, of 1,000 records',
  y: 'server CPU a catch-up, ms',
  contestants: STORES,
  steps: logs.steps,
  async measure(cell, steps) {
    let left: unknown;
    const begin = async () => {
      await warmUp(cell, 1);
      await cell.server.order('fill', 0, 0, 1_000);
      left = await cell.server.order('head', 0);
    };
    const cost = () => ofAsking(cell, 3, () => cell.crowd.order('ask', topicOf(0), left));
    return along(begin, withChanges, cost)(cell, steps);
  },
};
