import type { Batch } from '../protocol/tab-down.ts';
import type { Model } from './backbone.ts';
import type { Reads } from './calls/reads.ts';
import type { Writes } from './calls/writes.ts';
import type { Following } from './models/following.ts';
import type { createOutbox } from './outbox.ts';

export interface ApplyBatchParts {
  readonly status: Model;
  readonly writes: Writes;
  readonly reads: Reads;
  readonly following: Following;
  readonly outbox: ReturnType<typeof createOutbox>;
  readonly report: (error: unknown) => void;
}

/** Applies what the hub tells, whole: a listener of the application that throws stops nothing of it. */
export function applyBatch(
  { status, writes, reads, following, outbox, report }: ApplyBatchParts,
  batch: Batch,
) {
  const { n, values, settlements, answers, topics, outbox: items, status: now } = batch;
  const each = <T>(list: Iterable<T>, act: (item: T) => void) => {
    for (const item of list)
      try {
        act(item);
      } catch (error) {
        report(error);
      }
  };
  // What is decided about writes that are kept depends on the line as it is now.
  if (now) each([now], (attrs) => status.set({ ...attrs }));
  each(settlements, writes.settle);
  each(new Set(values.map(({ topic }) => topic)), (topic) => {
    const own = values.filter((value) => value.topic === topic);
    following.show(
      topic,
      own.map((value) => ({ ...value, attrs: writes.lay(topic, value, n) })),
    );
  });
  each(answers, (answer) => reads.answer(answer, n));
  each(topics, following.topicState);
  if (items) each([items], outbox.update);
  if (now) writes.lineChanged();
}
