import type { TabUp } from '../../protocol/tab-up.ts';
import type { Each } from '../each.ts';
import type { Write } from './lanes.ts';
import { failure } from './request.ts';
import type { Writes } from './writes.ts';

/**
 * The tab's writes as the next hub has to be told of them. Of what was taken back a hub decides that has it still. Another
 * hub is not to queue it, and has it withdrawn: the one before may wake yet, and send it behind what was written since.
 */
export function repeatedWrites(
  { open, settle }: Pick<Writes, 'open' | 'settle'>,
  each: Each,
  repeated: boolean,
): TabUp[] {
  const messages: TabUp[] = [];
  const back: Write['wire'][] = [];
  for (const { aborted, queued, batch, wire, n } of [...open.values()]) {
    // Of a batch that is durable nowhere nothing is left without the others.
    if (!aborted && (queued || !batch?.some((one) => one.aborted))) continue;
    messages.push({ type: 'abort', id: wire.mutation.id });
    // Where this tab has had no hub before, none can have it.
    if (repeated) back.push({ ...wire, queue: false });
    each([{ type: 'failed', n, ...failure('abort', 'Aborted by the caller') }], settle);
  }
  const writes = [...back, ...[...open.values()].map(({ wire }) => wire)].map((wire) => ({
    ...wire,
    repeated,
  }));
  if (writes.length) messages.push({ type: 'writes', writes });
  return messages;
}
