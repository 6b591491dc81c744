/**
 * Places between places: a card's `position` is a text that sorts bytewise, and between any two of them there is room
 * for another. So a drag is one write of one card, and two people who move different cards never renumber each other.
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE = DIGITS.length;
/** Steps at either end count in texts of this width, so that ten thousand cards added at the end stay short. */
const WIDTH = 5;
const MIDDLE = `V${'0'.repeat(WIDTH - 1)}`;

/** A place after `before` and ahead of `after`; null = the end on that side. Where they leave no room (equal ones): after `before`. */
export function positionBetween(before: string | null, after: string | null): string {
  if (before === null) return after === null ? MIDDLE : (step(after, -1) ?? between('', after));
  if (after === null || after <= before) return step(before, 1) ?? between(before, null);
  return between(before, after);
}

/** `count` places in a row, evenly spread, for a list that is filled at once. */
export function positionsFor(count: number): string[] {
  const start = Math.floor(BASE ** WIDTH / 2);
  return Array.from({ length: count }, (_, index) => digits(start + index * BASE));
}

function digit(text: string, index: number): number {
  return Math.max(0, DIGITS.indexOf(text.charAt(index) || '0'));
}

function digits(number: number): string {
  let text = '';
  for (let rest = number; text.length < WIDTH; rest = Math.floor(rest / BASE))
    text = DIGITS.charAt(rest % BASE) + text;
  return text;
}

/** The next whole step from the place, or undefined where the width is used up. */
function step(from: string, by: 1 | -1): string | undefined {
  let number = 0;
  for (let index = 0; index < WIDTH; index++) number = number * BASE + digit(from, index);
  const next = number + by;
  return next > 0 && next < BASE ** WIDTH ? digits(next) : undefined;
}

/** The middle, digit by digit. It never ends in the lowest digit: nothing would fit below it. */
function between(low: string, high: string | null): string {
  let text = '';
  let ceiling = high;
  for (let index = 0; ; index++) {
    const x = digit(low, index);
    const y = ceiling === null ? BASE : digit(ceiling, index);
    if (y - x > 1) return text + DIGITS.charAt((x + y) >> 1);
    text += DIGITS.charAt(x);
    if (y > x) ceiling = null;
  }
}
