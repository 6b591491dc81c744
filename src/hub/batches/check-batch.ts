import { MedullaError } from '../../protocol/errors.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Limits } from '../../protocol/server-down.ts';
import { sizeOf } from '../outbox/entry.ts';

/** A batch that does not come whole, or that no push could carry, is not taken. */
export function checkBatch(unit: readonly Mutation[], limits: Pick<Limits, 'batch' | 'bytes'>): void {
  const batch = unit[0]?.batch;
  if (!batch) return;
  if (unit.some((one) => one.batch?.size !== unit.length) || unit[0]?.id !== batch.id)
    throw new MedullaError('bad-message', `Cannot take batch ${batch.id}: not all of it has come`);
  if (unit.length > limits.batch)
    throw new MedullaError(
      'too-large',
      `Cannot take a batch of ${unit.length} writes: the server takes ${limits.batch}`,
    );
  const size = unit.reduce((sum, one) => sum + sizeOf(one), 0);
  // The server counts bytes, and a character may be more than one.
  if (size > limits.bytes / 2)
    throw new MedullaError(
      'too-large',
      `Cannot take a batch of about ${size} characters: the server takes ${limits.bytes / 2}`,
    );
}
