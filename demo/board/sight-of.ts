export interface Sight {
  /** The first row in sight. */
  readonly from: number;
  /** The first one below those in sight. */
  readonly to: number;
  /** How high, in pixels, what is left out is. */
  readonly above: number;
  readonly below: number;
}

/**
 * Which of `count` rows lie between `top` and `bottom`, in pixels from the start of the first. Always one at least,
 * where there is one: a place far below the end shows the last.
 *
 * @param heightOf of a row with its gap, in pixels; one that was never shown is guessed
 */
export function sightOf(
  count: number,
  heightOf: (index: number) => number,
  top: number,
  bottom: number,
): Sight {
  let from = 0;
  let above = 0;
  while (from < count - 1 && above + heightOf(from) <= top) above += heightOf(from++);
  let to = from;
  let end = above;
  while (to < count && (to === from || end < bottom)) end += heightOf(to++);
  let below = 0;
  for (let index = to; index < count; index++) below += heightOf(index);
  return { from, to, above, below };
}
