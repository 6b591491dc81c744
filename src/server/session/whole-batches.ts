import { units } from '../../base/units.ts';
import { batchOf, type PushItem } from './parse-push.ts';

/** Of a batch that does not come whole, each write alone, nothing may be applied: it is refused for good. */
export function wholeBatches(items: readonly PushItem[]): PushItem[] {
  return units(items, batchOf).flatMap((unit) => {
    const isWhole = unit.every(
      (item) => batchOf(item) === undefined || (item.type === 'sent' && isOneOf(unit.length, item)),
    );
    return isWhole ? unit : unit.map(partOnly);
  });
}

const isOneOf = (size: number, { sent }: Extract<PushItem, { type: 'sent' }>): boolean =>
  sent.mutation.batch?.size === size && sent.also.length === 0;

function partOnly(item: PushItem): PushItem {
  if (item.type === 'malformed') return item;
  const { ids, sent } = item;
  const message = `This is a part of batch ${sent.mutation.batch?.id}: its ${sent.mutation.batch?.size} writes have to come together, each by itself.`;
  return { type: 'malformed', ids, user: sent.mutation.user, code: 'bad-message', message };
}
