import type { Cursor } from '../../protocol/change.ts';
import type { Topic, UserId } from '../../protocol/ids.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { StoreOutcome, StoreWrite } from '../store.ts';
import type { Change, CommitRun, Decision, Found, TopicHead } from './commit-run.ts';
import { decideBatch } from './decide-batch.ts';
import { unitsOf } from './units-of.ts';

/** One commit of a store on its way: what it looks at, and where it writes down what comes of it. */
export interface Ledger extends Found {
  head(topic: Topic): TopicHead & Pick<Cursor, 'mark'>;
  /** Keeps the receipt, for each of its ids. */
  keep(user: UserId, receipt: Receipt): void;
  /** Writes the entry and the record, with a new mark. Returns the topic's cursor afterwards. */
  change(topic: Topic, change: Change): Cursor;
}

/** Decides the writes in their order, a batch as one, each on what those before it have left, and writes it down. */
export function commitWrites(run: CommitRun, writes: readonly StoreWrite[], ledger: Ledger): StoreOutcome[] {
  return unitsOf(writes).flatMap((unit) => commitUnit(run, unit, ledger));
}

/** The same for a batch, or a single write. */
export function commitUnit(run: CommitRun, unit: readonly StoreWrite[], ledger: Ledger): StoreOutcome[] {
  const [first] = unit;
  if (first && unit.length === 1) return [written(run, first, run.decide(first, ledger), ledger)];
  const decisions = decideBatch(run, unit, ledger);
  return unit.map((write, at) => written(run, write, decisions[at] as Decision, ledger));
}

function written(
  { told }: CommitRun,
  { user, topic }: StoreWrite,
  decision: Decision,
  ledger: Ledger,
): StoreOutcome {
  if (decision.type === 'nothing') return decision.outcome;
  const receipt = told.of(decision.receipt);
  const receipts = [receipt];
  ledger.keep(user, receipt);
  if (decision.type === 'keep') return { type: 'receipts', receipts, changed: null };
  const { entry, before } = decision;
  const { offset: from, mark: since } = ledger.head(topic);
  const cursor = ledger.change(topic, decision);
  const changed = { topic, from, since, cursor, entry };
  return { type: 'receipts', receipts, changed: before === undefined ? changed : { ...changed, before } };
}
