import { positionBetween } from './position.ts';

interface Placed {
  readonly cid: string;
  readonly attributes: { readonly position?: string };
}

const positionOf = (item: Placed | undefined): string | null =>
  item ? (item.attributes.position ?? '') : null;

/**
 * The position for `item` directly behind `previous` (null = first) in `row`, which is sorted. Those that share the
 * place of `previous` stay before it: there is no room between equals.
 */
export function placeIn(row: readonly Placed[], item: Placed | null, previous: Placed | null): string {
  const others = row.filter((other) => other.cid !== item?.cid);
  const before = positionOf(previous ?? undefined);
  const from = previous ? others.indexOf(previous) + 1 : 0;
  const next = others.slice(from).find((other) => before === null || (positionOf(other) ?? '') > before);
  return positionBetween(before, positionOf(next));
}
