import type { Batch } from '../protocol/tab-down.ts';
import type { Aliases } from './aliases/aliases.ts';
import type { Model } from './backbone.ts';
import type { Reads } from './calls/reads.ts';
import type { Writes } from './calls/writes.ts';
import type { Each } from './each.ts';
import type { Conflicts } from './models/conflicts.ts';
import type { Following } from './models/following.ts';
import type { createOutbox } from './outbox.ts';

export interface ApplyBatchParts {
  readonly status: Model;
  readonly writes: Writes;
  readonly reads: Reads;
  readonly following: Following;
  readonly conflicts: Conflicts;
  readonly outbox: ReturnType<typeof createOutbox>;
  readonly aliases: Aliases;
  readonly each: Each;
}

/** Applies what the hub tells, whole, whatever the application's code does meanwhile. */
export function applyBatch(
  { status, writes, reads, following, outbox, conflicts, aliases, each }: ApplyBatchParts,
  batch: Batch,
) {
  const { n, values, settlements, decided = [], answers, topics, outbox: items, status: now } = batch;
  // What is decided about writes that are kept depends on the line as it is now.
  if (now) each([now], (attrs) => status.set(attrs));
  if (batch.aliases) each([batch.aliases], aliases.apply);
  each(settlements, writes.settle);
  each(decided, following.decided);
  each(new Set(values.map(({ topic }) => topic)), (topic) => {
    const own = values.filter((value) => value.topic === topic && !writes.isDoomed(value, n));
    following.show(
      topic,
      own.map((value) => ({ ...value, n, attrs: writes.lay(topic, value, n) })),
    );
  });
  each(answers, (answer) => reads.answer(answer, n));
  each(topics, following.topicState);
  if (items) each([items], outbox.update);
  if (now) each([0], writes.lineChanged);
  each([0], conflicts.tell);
}
