import { units } from '../../base/units.ts';
import { batchOf, type PushItem } from './parse-push.ts';

/** Of a batch that does not come whole, each write alone, nothing may be applied: it is refused for good. */
export function wholeBatches(items: readonly PushItem[]): PushItem[] {
  return units(items, batchOf).flatMap((unit) => {
    const isWhole = unit.every(
      (item) => batchOf(item) === undefined || (item.type === 'sent' && isOneOf(unit.length, item)),
    );
    return isWhole && areOthers(unit) ? unit : unit.map(partOnly);
  });
}

const isOneOf = (size: number, { sent }: Extract<PushItem, { type: 'sent' }>): boolean =>
  sent.mutation.batch?.size === size && sent.also.length === 0;

/** Under one id one thing is done: a batch that names two of its writes alike could not be done as one. */
const areOthers = (unit: readonly PushItem[]): boolean =>
  unit.length === 1 || new Set(unit.flatMap(({ ids }) => ids)).size === unit.length;

function partOnly(item: PushItem): PushItem {
  if (item.type === 'malformed') return item;
  const { ids, sent } = item;
  const message = `This is a part of batch ${sent.mutation.batch?.id}: its ${sent.mutation.batch?.size} writes have to come together, each by itself, under ids of their own.`;
  return { type: 'malformed', ids, user: sent.mutation.user, code: 'bad-message', message };
}
