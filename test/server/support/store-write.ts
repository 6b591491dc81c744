import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { MutationId, RecordId, Topic, UserId } from '../../../src/protocol/ids.ts';
import type { Store, StoreOutcome, StoreWrite } from '../../../src/server/store.ts';

export const TOPIC = '/tasks' as Topic;
export const ANN = 'ann' as UserId;

type Rest = Partial<Omit<StoreWrite, 'ids' | 'method' | 'record'>>;

/** A write as a server makes it of a mutation `id`. */
export function write(
  id: string | readonly string[],
  method: StoreWrite['method'],
  record: RecordId,
  set: Attributes = {},
  rest: Rest = {},
): StoreWrite {
  const ids = (typeof id === 'string' ? [id] : id) as readonly MutationId[];
  const base = method === 'create' || method === 'delete' ? null : 'previous';
  const common = {
    user: ANN,
    topic: TOPIC,
    unset: [],
    base,
    was: {},
    conflict: 'merge',
    limit: 10_000,
  } as const;
  return { ids, record, method, set, number: 0, sent: { set, unset: rest.unset ?? [] }, ...common, ...rest };
}

/** Commits and returns, for each write, the types of its receipts, or that of its outcome. */
export async function commit(store: Store, ...writes: StoreWrite[]): Promise<string[]> {
  const outcomes = await store.commit(writes, 1_000);
  return outcomes.map((outcome) =>
    outcome.type === 'receipts' ? outcome.receipts.map(({ type }) => type).join('+') : outcome.type,
  );
}

export function receiptsOf(outcome: StoreOutcome | undefined) {
  if (outcome?.type !== 'receipts') throw new Error(`No receipts: ${outcome?.type}`);
  return outcome.receipts;
}

export function changeOf(outcome: StoreOutcome | undefined) {
  if (outcome?.type !== 'receipts' || !outcome.changed) throw new Error(`No change: ${outcome?.type}`);
  return outcome.changed;
}
