import { mutationId, type TabId } from '../../protocol/ids.ts';
import type { TabUp } from '../../protocol/tab-up.ts';
import type { Each } from '../each.ts';
import type { Writes } from './writes.ts';

/**
 * The tab's writes as the next hub has to be told of them. What was taken back is not handed over again, where it would
 * come after what was written since: if a hub has it still, that hub decides, and else it is gone.
 */
export function repeatedWrites(
  id: TabId,
  { open, settle }: Pick<Writes, 'open' | 'settle'>,
  each: Each,
  repeated: boolean,
): TabUp[] {
  const messages: TabUp[] = [];
  for (const { aborted, n } of [...open.values()]) {
    if (!aborted) continue;
    messages.push({ type: 'abort', id: mutationId(id, n) });
    each([{ type: 'failed', n, code: 'abort', message: 'Aborted by the caller', status: 0 }], settle);
  }
  const writes = [...open.values()].map(({ wire }) => ({ ...wire, repeated }));
  if (writes.length) messages.push({ type: 'writes', writes });
  return messages;
}
