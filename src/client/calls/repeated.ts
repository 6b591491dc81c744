import type { TabUp } from '../../protocol/tab-up.ts';
import type { Each } from '../each.ts';
import { failure } from './request.ts';
import type { Writes } from './writes.ts';

/**
 * The tab's writes as the next hub has to be told of them. What was taken back is not handed over again, where it would
 * come after what was written since: if a hub has it still, that hub decides, and else it is gone.
 */
export function repeatedWrites(
  { open, settle }: Pick<Writes, 'open' | 'settle'>,
  each: Each,
  repeated: boolean,
): TabUp[] {
  const messages: TabUp[] = [];
  for (const { aborted, queued, batch, wire, n } of [...open.values()]) {
    // Of a batch that is durable nowhere nothing is left without the others.
    if (!aborted && (queued || !batch?.some((one) => one.aborted))) continue;
    messages.push({ type: 'abort', id: wire.mutation.id });
    each([{ type: 'failed', n, ...failure('abort', 'Aborted by the caller') }], settle);
  }
  const writes = [...open.values()].map(({ wire }) => ({ ...wire, repeated }));
  if (writes.length) messages.push({ type: 'writes', writes });
  return messages;
}
