import type { Entry } from '../../protocol/change.ts';
import { conflate } from './conflate.ts';

/** Lines of a log that are compacted together, and bytes of them. */
export const COMPACTED_LINES = 1_000;
export const COMPACTED_BYTES = 4_194_304;

/**
 * What becomes of lines of a log that follow one another: of each record the last has all that they did to it, and
 * those before it have nothing. Each keeps its offset. Only those are told that are no more what they were.
 *
 * A cursor among them still leads to the same records: whoever had a part of it before sets it to the same once more.
 */
export function compacted(lines: readonly Entry[]): readonly Entry[] {
  const folds = new Map(conflate(lines).map((entry) => [entry[1], entry]));
  return lines.flatMap((line): Entry[] => {
    const fold = folds.get(line[1]);
    if (fold) return fold === line ? [] : [fold];
    return isEmpty(line) ? [] : [[line[0], line[1], {}]];
  });
}

const isEmpty = ([, , set, unset]: Entry): boolean =>
  set !== null && Object.keys(set).length === 0 && (unset === undefined || unset === null);
