import type { Row } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import { isEffect } from '../../protocol/receipt.ts';
import type { StoreOutcome, StoreWrite } from '../store.ts';
import { batchRefusal } from './batch-refusal.ts';
import type { CommitRun, Decision, Found, TopicHead } from './commit-run.ts';
import { laneOf } from './lane-of.ts';
import { lastIdWith } from './last-id-with.ts';

/**
 * Decides the writes of one batch: all have their effect, or none has. They are tried out on what those before them
 * would leave; nothing is written meanwhile, so that no store has anything to undo.
 */
export function decideBatch(
  run: CommitRun,
  writes: readonly StoreWrite[],
  found: Found,
): readonly Decision[] {
  const trial = run.fork();
  const rows = new Map<string, Row | null>();
  const heads = new Map<Topic, TopicHead>();
  const left: Found = {
    receipt: (user, id) => found.receipt(user, id),
    floor: () => found.floor(),
    record(topic, record) {
      const row = rows.get(laneOf(topic, record));
      return row === undefined ? found.record(topic, record) : row;
    },
    head: (topic) => heads.get(topic) ?? found.head(topic),
  };
  const decisions = writes.map((write) => {
    const { topic } = write;
    const decision = trial.decide(write, left);
    if (decision.type === 'change') {
      const [made, offset] = decision.entry;
      const { attrs } = decision;
      rows.set(laneOf(topic, made), attrs && [made, offset, attrs]);
      heads.set(topic, { offset, lastId: lastIdWith(left.head(topic).lastId, made) });
    }
    return decision;
  });
  if (decisions.every(isKnown)) return decisions;
  if (decisions.every(hasEffect)) {
    run.take(trial);
    return decisions;
  }
  // The first says what becomes of all: what stands behind it was tried out on what it does not leave.
  const first = decisions.find((decision) => stopOf(decision) || isRefused(decision));
  const stop = first && stopOf(first);
  for (const write of writes) run.undone(write, Boolean(stop));
  if (stop) return writes.map(() => ({ type: 'nothing', outcome: stop }));
  // Or one was done by itself before: no more of it is.
  const refusedAt = decisions.findIndex(isRefused);
  const at = refusedAt < 0 ? decisions.findIndex(isKnown) : refusedAt;
  const refused = writes[at]?.ids[0];
  return decisions.map((decision, index): Decision => {
    if (index === at) return onWhatIsThere(decision, writes[index] as StoreWrite, found);
    if (isKnown(decision)) return decision;
    return { type: 'keep', receipt: batchRefusal(writes[index]?.ids ?? [], refused) };
  });
}

/** What stands before it in the batch is not done: whoever hears of a conflict hears of the record without that. */
function onWhatIsThere(decision: Decision, { topic, record }: StoreWrite, found: Found): Decision {
  if (decision.type !== 'keep' || decision.receipt.type !== 'conflict' || !decision.receipt.current)
    return decision;
  const row = found.record(topic, record);
  const current = row && { version: row[1], attrs: row[2] };
  return { ...decision, receipt: { ...decision.receipt, current } };
}

/** It has been answered before. */
const isKnown = (decision: Decision): boolean =>
  decision.type === 'nothing' && decision.outcome.type === 'receipts';

const hasEffect = (decision: Decision): boolean => decision.type !== 'nothing' && isEffect(decision.receipt);

/** Why nothing can be said for good yet. */
const stopOf = (decision: Decision): StoreOutcome | null =>
  decision.type === 'nothing' && decision.outcome.type !== 'receipts' ? decision.outcome : null;

function isRefused(decision: Decision): boolean {
  if (decision.type !== 'nothing') return !isEffect(decision.receipt);
  return decision.outcome.type === 'receipts' && !decision.outcome.receipts.every(isEffect);
}
