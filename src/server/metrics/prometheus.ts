import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { fits } from '../../base/shape.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Topic } from '../../protocol/ids.ts';
import { type Answers, type RefusedAnswer, refusedAnswer } from '../../protocol/server-down.ts';
import { type RequestName, requests } from '../../protocol/server-up.ts';
import type { Store } from '../store.ts';
import type { Meter } from './meter.ts';

/** What is looked at when somebody asks, and costs nothing before that. */
export interface Watched {
  readonly sessions: ReadonlySet<{ readonly topics: ReadonlySet<Topic> }>;
  readonly store: Pick<Store, 'size'>;
  /** What this node has delivered. */
  readonly deliveries: Readonly<Record<string, number>>;
}

/** Bounds of the buckets of all histograms, in seconds. */
const buckets = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];

/** Undefined where it cannot be told: while the store opens it throws. */
async function sizeOf(store: Pick<Store, 'size'>) {
  try {
    return await store.size?.();
  } catch {
    return undefined;
  }
}

/** Counts for Prometheus. Each server has a registry of its own: two in one process do not add up. */
export class Prometheus implements Meter {
  readonly #registry = new Registry();
  readonly #handshakes = this.#counter(
    'handshakes_total',
    'Who asked to be let in, by what became of it: welcome, or the code of the refusal.',
    'outcome',
  );
  readonly #requests = this.#histogram(
    'request_seconds',
    'Time from a request to its answer, by the name of the request.',
    'request',
  );
  readonly #refused = this.#counter(
    'refused_total',
    'Requests that were refused as a whole, by name and code.',
    'request',
    'code',
  );
  readonly #receipts = this.#counter(
    'receipts_total',
    'Receipts for writes, by type: applied, duplicate (a repeat), retry and so on.',
    'type',
  );
  readonly #began = this.#counter(
    'follows_total',
    'How follows began: with the changes that were missed (a replay), with a snapshot, or denied.',
    'type',
  );
  readonly #changes = this.#counter('changes_total', 'Changes of records that this node committed.');
  readonly #commits = this.#histogram('commit_seconds', 'Time that a transaction of the store took.');
  readonly #delays = this.#histogram(
    'change_seconds',
    'Time from the beginning of a commit to when its changes were handed to those who follow on this node.',
  );
  #isWhole = false;
  #look: () => Promise<unknown> = () => Promise.resolve();

  handshake(outcome: 'welcome' | ErrorCode): void {
    this.#handshakes.inc({ outcome });
  }

  answered(name: string, answer: Answers[RequestName] | RefusedAnswer, took: number): void {
    // What a client may call as it likes must not make series without end.
    const request = Object.hasOwn(requests, name) ? name : 'unknown';
    this.#requests.observe({ request }, took / 1_000);
    if (fits(refusedAnswer, answer)) this.#refused.inc({ request, code: answer.refused.code });
    else if ('receipts' in answer) for (const { type } of answer.receipts) this.#receipts.inc({ type });
    else if ('topics' in answer) for (const { type } of answer.topics) this.#began.inc({ type });
  }

  committed(changes: number, took: number): void {
    this.#changes.inc(changes);
    this.#commits.observe(took / 1_000);
  }

  delivered(took: number): void {
    this.#delays.observe(took / 1_000);
  }

  /** To be called once: from then on there are gauges of these. */
  watch({ sessions, store, deliveries }: Watched): void {
    const connections = this.#gauge('connections', 'Connections that are open.');
    const follows = this.#gauge('follows', 'What these connections follow, one by one.');
    const topics = this.#gauge('topics', 'Topics that somebody follows here.');
    const delivered = this.#counter(
      'delivery_total',
      'What went on among nodes: runs of changes told to topics here, heard of other nodes; gaps in what was heard; replays of the log; comparisons with the store.',
      'what',
    );
    const stored = {
      topics: this.#gauge('store_topics', 'Topics that have ever been written.'),
      log: this.#gauge('store_log_entries', 'Changes that the logs of all topics hold.'),
      receipts: this.#gauge('store_receipts', 'Receipts that are kept.'),
      bytes: this.#gauge('store_bytes', 'Bytes that the store takes on the disk; 0 = it has none.'),
    };
    this.#look = async () => {
      const followed = [...sessions].flatMap((session) => [...session.topics]);
      connections.set(sessions.size);
      follows.set(followed.length);
      topics.set(new Set(followed).size);
      delivered.reset();
      for (const [what, count] of Object.entries(deliveries)) delivered.inc({ what }, count);
      // What the store does not tell is no number, and no reason to tell nothing else.
      const size = await sizeOf(store);
      for (const [name, gauge] of Object.entries(stored))
        gauge.set(size?.[name as keyof typeof stored] ?? Number.NaN);
    };
  }

  /** What Prometheus asks for, and its content type. The process's own figures are kept from the first time on. */
  async text(): Promise<{ readonly type: string; readonly text: string }> {
    if (!this.#isWhole) collectDefaultMetrics({ register: this.#registry });
    this.#isWhole = true;
    await this.#look();
    return { type: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  #counter<L extends string = never>(name: string, help: string, ...labelNames: L[]): Counter<L> {
    return new Counter({ name: `medulla_${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram<L extends string = never>(name: string, help: string, ...labelNames: L[]): Histogram<L> {
    const registers = [this.#registry];
    return new Histogram({ name: `medulla_${name}`, help, labelNames, buckets, registers });
  }

  #gauge(name: string, help: string): Gauge {
    return new Gauge({ name: `medulla_${name}`, help, registers: [this.#registry] });
  }
}
