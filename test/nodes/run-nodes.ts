import { setTimeout as pause } from 'node:timers/promises';
import type { Topic } from '../../src/protocol/ids.ts';
import { dice } from '../support/dice.ts';
import { until } from '../support/until.ts';
import { Reader } from './clients/reader.ts';
import { Writer } from './clients/writer.ts';
import { FAULTS, type FaultKind } from './faults.ts';
import { judge, type Verdict } from './judge.ts';
import { Cluster, type ClusterOptions } from './rig/cluster.ts';

export interface NodesOptions extends ClusterOptions {
  readonly seed: number;
  readonly seconds: number;
  /** Faults of each kind, spread over the run, one after the other. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Writes a second, of all writers together. */
  readonly pace: number;
  readonly topics: number;
  readonly writers: number;
  /** Of each topic; every third comes by polling. */
  readonly readers: number;
  readonly echo?: (line: string) => void;
}

/** How long the world may take to come to rest once everything works again. */
const REST = 60_000;

/**
 * Several real nodes under load, while they are killed and cut off from each other; then rest, then the reckoning. The
 * dice decide what breaks and in which order; how far each thing has come by then is the machine's to decide.
 */
export async function runNodes(options: NodesOptions): Promise<Verdict> {
  const { seed, seconds, pace, faults, echo = () => undefined } = options;
  const start = Date.now();
  const tell = (what: string) => echo(`${((Date.now() - start) / 1_000).toFixed(1).padStart(6)} s  ${what}`);
  const cluster = await Cluster.start(options);
  const readers: Reader[] = [];
  const writers: Writer[] = [];
  try {
    const topics = Array.from({ length: options.topics }, (_, n) => `/work/${n}` as Topic);
    for (const topic of topics)
      for (let n = 0; n < options.readers; n++)
        readers.push(
          new Reader({ url: cluster.url, topic, transport: n % 3 === 2 ? 'polling' : 'websocket' }),
        );
    for (let n = 0; n < options.writers; n++)
      writers.push(await Writer.open(`w${n}`, topics[n % topics.length] as Topic, cluster.url));
    const end = Date.now() + seconds * 1_000;
    await Promise.all([work(writers, pace, end, seed), trouble(cluster, faults, end, seed, tell)]);
    tell('everything works again');
    const isQuiet = () =>
      writers.every((writer) => writer.settled === writer.tab.n) &&
      readers.every((reader) => reader.offset === written(writers, reader.options.topic));
    // Where it does not come to rest, the judge says what is missing.
    await until('all is told', isQuiet, REST).catch(() => undefined);
    return await judge(cluster, writers, readers);
  } finally {
    for (const reader of readers) reader.close();
    for (const writer of writers) await writer.close();
    await cluster.end();
  }
}

/** Each write makes one change: so many there have to be in the topic. */
const written = (writers: readonly Writer[], topic: Topic): number =>
  writers.reduce((sum, writer) => sum + (writer.topic === topic ? writer.tab.n : 0), 0);

async function work(writers: readonly Writer[], pace: number, end: number, seed: number): Promise<void> {
  const throws = dice(seed).fork('work');
  for (let due = Date.now(); due < end; due += 1_000 / pace) {
    const wait = due - Date.now();
    if (wait > 0) await pause(wait);
    throws.pick(writers).write(throws.chance(0.5));
  }
}

async function trouble(
  cluster: Cluster,
  faults: Readonly<Record<FaultKind, number>>,
  end: number,
  seed: number,
  tell: (what: string) => void,
): Promise<void> {
  const throws = dice(seed).fork('faults');
  const kinds = Object.entries(faults).flatMap(([kind, count]) =>
    Array<FaultKind>(count).fill(kind as FaultKind),
  );
  const order = kinds.map((kind) => ({ kind, at: throws.int(0, 1_000_000) })).sort((a, b) => a.at - b.at);
  const share = Math.max(0, end - Date.now()) / (order.length || 1);
  let next = Date.now();
  for (const { kind } of order) {
    await pause(Math.max(0, next + throws.int(0, Math.floor(share / 3)) - Date.now()));
    await FAULTS[kind](cluster, throws, tell);
    next += share;
  }
  await pause(Math.max(0, end - Date.now()));
}
