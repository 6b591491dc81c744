import type { MutationId, RecordKey, TabId, Topic as TopicName } from '../../protocol/ids.ts';
import { touched } from '../../protocol/laying.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import { receiptStatus } from '../../protocol/receipt.ts';
import type { OutboxItem, Status, TopicState, Value } from '../../protocol/tab-down.ts';
import type { HubContext } from '../context.ts';
import type { Entry } from '../outbox/entry.ts';
import { fold } from '../outbox/fold.ts';
import type { Topic } from '../replica/topic.ts';
import { viewOf } from '../view.ts';
import type { BatchSource } from './tab.ts';

/** The names that it touches, where this hub took it first: what the hub before had, others may have been over since. */
const surely = ({ mutation, old }: Entry): string[] => (old ? [] : touched(mutation));

const isConflict = ({ phase }: Entry) => phase.type === 'rejected' && phase.receipt.type === 'conflict';

/** The last conflict with those before it: who settles it by another write takes the place of all of them. */
function inAll(last: Entry, lane: readonly Entry[]): Mutation {
  const all = isConflict(last) ? lane.filter(isConflict).map(({ mutation }) => mutation) : [last.mutation];
  return { ...all.reduce((before, next) => fold(before, next) ?? next), id: last.mutation.id };
}

/** What the tabs are shown: records, topics, the outbox and how the hub stands. */
export class Shown implements BatchSource {
  readonly #hub: HubContext;
  #durable = true;
  #durableReason: string | null = null;
  #lastSyncedAt: number | null = null;
  /** What was shown while its topic was not caught up: tabs that were shown it newer before keep that. */
  readonly #unsure = new Map<TopicName, Set<RecordKey>>();

  constructor(hub: HubContext) {
    this.#hub = hub;
  }

  /** Whether that is news. */
  durable(durable: boolean, reason: string | null): boolean {
    if (this.#durable === durable && this.#durableReason === reason) return false;
    this.#durable = durable;
    this.#durableReason = reason;
    return true;
  }

  /** A topic is caught up: what was not certain before is shown once more. */
  synced(topic: TopicName): void {
    this.#lastSyncedAt = this.#hub.clock.now();
    for (const key of this.#unsure.get(topic) ?? []) this.#hub.outlet.touch(topic, key);
    this.#unsure.delete(topic);
  }

  value(tab: TabId, name: TopicName, key: RecordKey): Value | null {
    const topic = this.#hub.replica.get(name);
    if (!topic) return null;
    const { record, version, attrs, state, refused, withheld } = viewOf(topic, this.#hub.outbox, key, tab);
    if (withheld) return null;
    const whole = { topic: name, record: record ?? key, version, attrs, state };
    const value = topic.current ? whole : this.#certain(whole, topic, key);
    if (refused?.phase.type !== 'rejected') return value;
    const { receipt } = refused.phase;
    const mutation = inAll(refused, this.#hub.outbox.lane(name, key));
    return { ...value, refused: { mutation, receipt, status: receiptStatus(receipt) } };
  }

  /** Of a topic that is not caught up. */
  #certain(value: Value, topic: Topic, key: RecordKey): Value {
    const lane = this.#hub.outbox.lane(topic.name, key);
    if (lane.at(-1)?.mutation.method === 'delete') return value;
    this.#unsure.set(topic.name, (this.#unsure.get(topic.name) ?? new Set()).add(key));
    return { ...value, only: lane.flatMap(surely), version: topic.records.get(key)?.version ?? 0 };
  }

  topic(name: TopicName): TopicState {
    const topic = this.#hub.replica.get(name);
    const following = topic?.following;
    return {
      topic: name,
      loaded: topic?.loaded ?? false,
      synced: topic?.synced ?? false,
      ...(following?.type === 'denied' && {
        refused: { code: following.code, message: following.message },
      }),
    };
  }

  item(id: MutationId): OutboxItem | null {
    const entry = this.#hub.outbox.get(id);
    if (!entry || entry.phase.type === 'awaiting') return null;
    const { mutation, phase, attempts } = entry;
    const receipt = phase.type === 'rejected' || phase.type === 'parked' ? phase.receipt : null;
    return { mutation, state: phase.type === 'withdrawing' ? 'sent' : phase.type, attempts, receipt };
  }

  status(): Status {
    const { line, outbox, user, replica } = this.#hub;
    const { state } = line;
    return {
      connection: state.type,
      reason: 'why' in state ? state.why.code : null,
      message: 'why' in state ? state.why.message : null,
      pending: outbox.pending,
      rejected: outbox.rejected,
      durable: this.#durable,
      durableReason: this.#durableReason,
      user,
      lastSyncedAt: this.#lastSyncedAt,
      attempts: line.failed,
      ...(replica.recordVersion && { recordVersion: replica.recordVersion }),
    };
  }
}
