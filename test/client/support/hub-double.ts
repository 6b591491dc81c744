import { parse } from '../../../src/base/shape.ts';
import type { Host } from '../../../src/client/host.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Row } from '../../../src/protocol/change.ts';
import { statusOf } from '../../../src/protocol/errors.ts';
import type { Boot, MutationId, Topic } from '../../../src/protocol/ids.ts';
import { mutationNumber } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Port } from '../../../src/protocol/port.ts';
import { isEffect, type Receipt } from '../../../src/protocol/receipt.ts';
import {
  type Batch,
  type RecordState,
  type Status,
  type TabDown,
  tabDown,
} from '../../../src/protocol/tab-down.ts';
import { type TabUp, tabUp, type Write } from '../../../src/protocol/tab-up.ts';
import { PROTOCOL } from '../../../src/protocol/version.ts';
import { portPair } from '../../../src/testing/port-pair.ts';

type News = Partial<Omit<Batch, 'type' | 'batch' | 'status'>> & { status?: Partial<Status> };

const STATUS: Status = {
  connection: 'open',
  reason: null,
  message: null,
  pending: 0,
  rejected: 0,
  durable: true,
  durableReason: null,
  user: '' as Status['user'],
  lastSyncedAt: null,
};

/** The hub's side of the wire, as a test writes it: it takes what a tab says, and says what it is told to. */
export class HubDouble {
  readonly boot: Boot;
  readonly heard: TabUp[] = [];
  protocol = PROTOCOL;
  /** What it says of itself at first. */
  status: Partial<Status> = {};
  /** While it hangs: it acknowledges nothing, and hears it all afterwards. */
  #missed: unknown[] | undefined;
  #port: Port | undefined;
  #count = 0;
  #batch = 0;
  #free: (() => void)[] = [];

  constructor(boot = 'boot-1') {
    this.boot = boot as Boot;
  }

  attach(port: Port): void {
    this.#port = port;
    this.#count = 0;
    port.listen((message) => {
      if (this.#missed) this.#missed.push(message);
      else this.#hear(message);
    });
  }

  set silent(silent: boolean) {
    const missed = this.#missed ?? [];
    this.#missed = silent ? missed : undefined;
    if (!silent) for (const message of missed) this.#hear(message);
  }

  #hear(message: unknown): void {
    const up = parse(tabUp, message);
    this.heard.push(up);
    this.say({ type: 'received', count: ++this.#count });
    if (up.type !== 'hello') return;
    this.say({
      type: 'welcome',
      boot: this.boot,
      protocol: this.protocol,
      stale: false,
      lock: `lock ${this.boot}`,
    });
    this.tell({ status: this.status });
  }

  say(message: TabDown): void {
    this.#port?.post(parse(tabDown, message));
  }

  sayAnything(message: unknown): void {
    this.#port?.post(message);
  }

  /** One batch of news. It includes all of the tab's mutations that have arrived, unless `n` says otherwise. */
  tell({ status, ...news }: News): void {
    const last = this.writes.at(-1)?.mutation.id;
    this.say({
      type: 'batch',
      batch: ++this.#batch,
      n: last ? mutationNumber(last) : 0,
      values: [],
      settlements: [],
      answers: [],
      topics: [],
      ...news,
      ...(status ? { status: { ...STATUS, ...status } } : {}),
    });
  }

  get writes(): readonly Write[] {
    return this.of('writes').flatMap(({ writes }) => writes);
  }

  get mutations(): readonly Mutation[] {
    return this.writes.map(({ mutation }) => mutation);
  }

  mutation(i: number): Mutation {
    const mutation = this.mutations[i];
    if (!mutation) throw new Error(`There is no mutation ${i}, but ${this.mutations.length}`);
    return mutation;
  }

  /** Answers the last read, with pending writes left to the tab. */
  rows(rows: readonly Row[], source: 'network' | 'replica' = 'network', stale = false): void {
    const { request } = this.of('read').at(-1) ?? { request: 0 };
    this.tell({ answers: [{ type: 'rows', request, rows, source, stale }] });
  }

  fail(code: string, message = 'Cannot'): void {
    const { request } = this.of('read').at(-1) ?? { request: 0 };
    this.tell({ answers: [{ type: 'failed', request, code, message, status: statusOf(code) }] });
  }

  /** Shows a record of /tasks, as another's doing. */
  shows(record: string | number, attrs: Attributes | null, version = 6, state: RecordState = 'clean'): void {
    this.tell({ values: [{ topic: '/tasks' as Topic, record, version, attrs, state }] });
  }

  of<T extends TabUp['type']>(type: T): Extract<TabUp, { type: T }>[] {
    return this.heard.filter((message): message is Extract<TabUp, { type: T }> => message.type === type);
  }

  queued(...mutations: readonly Mutation[]): void {
    this.tell({ settlements: mutations.map(({ id }) => ({ type: 'queued', n: mutationNumber(id) })) });
  }

  applied(mutation: Mutation, offset = 1, effect: object = {}): void {
    this.settled(mutation, { type: 'applied', ids: [mutation.id], offset, ...effect });
  }

  refused(mutation: Mutation, more: object = {}, state: 'clean' | 'rejected' = 'rejected'): void {
    const receipt = { type: 'invalid', ids: [mutation.id], code: 'invalid', message: 'No title', ...more };
    this.settled(mutation, receipt as Receipt, state);
  }

  settled({ id }: { id: MutationId }, receipt: Receipt, state: 'clean' | 'rejected' = 'clean'): void {
    const status = isEffect(receipt) ? 200 : statusOf(receipt.code, receipt.type);
    this.tell({ settlements: [{ type: 'settled', n: mutationNumber(id), receipt, state, status }] });
  }

  /** It is not in the outbox, and will not be. */
  failed(n: number, code: string, message = 'Cannot'): void {
    this.tell({ settlements: [{ type: 'failed', n, code, message, status: statusOf(code) }] });
  }

  /** Its lock falls free. */
  die(): void {
    for (const fn of this.#free.splice(0)) fn();
  }

  watch(fn: () => void): () => void {
    this.#free.push(fn);
    return () => {
      this.#free = this.#free.filter((other) => other !== fn);
    };
  }
}

/** Joins tabs to one hub after another. */
export class HostDouble implements Host {
  readonly kind = 'shared';
  readonly reason = null;
  readonly dead: (Boot | null)[] = [];
  /** Why it was told that the last one can never be one. */
  readonly failures: (string | undefined)[] = [];
  #hubs: HubDouble[];

  constructor(...hubs: HubDouble[]) {
    this.#hubs = hubs;
  }

  add(hub: HubDouble): void {
    this.#hubs.push(hub);
  }

  async join(dead: Boot | null, failed?: string): Promise<Port> {
    this.dead.push(dead);
    this.failures.push(failed);
    if (dead === this.#hubs[0]?.boot || dead === '') this.#hubs.shift();
    const [hub] = this.#hubs;
    if (!hub) throw new Error('No hub is left');
    const [here, there] = portPair();
    hub.attach(there);
    return here;
  }

  watch(_lock: string, fn: () => void): () => void {
    return this.#hubs[0]?.watch(fn) ?? (() => undefined);
  }
}
