import { either, flag, list, Mismatch, nothing, object, optional, parse, text } from '../../base/shape.ts';
import { attributes } from '../../protocol/attributes.ts';
import { type LiveChanges, liveChanges } from '../../protocol/change.ts';
import type { Mark } from '../../protocol/ids.ts';
import type { Images } from '../sight/seen-entry.ts';
import type { StoreChange } from '../store.ts';

/**
 * Some changes of one topic, one behind the other: what a node delivers, and what nodes tell each other. Without
 * entries and with `from` = `to` it only says where the topic stands: a hub that is not there asks for what it misses.
 */
export interface Run extends LiveChanges {
  /** The mark at `from`, where that is known: a run that does not go on from there is of another log. */
  readonly since?: Mark | undefined;
  /** Those who follow are not told of it as it happens; they ask for it when they see the next. */
  readonly silent?: boolean;
  /** What the record of each entry was before it, where filters need that; null = that is not known. */
  readonly images?: readonly (Images | null)[];
}

const live = list(liveChanges);
const image = either(attributes, nothing);
/** What is told between nodes alone. */
const beside = list(
  object({
    since: optional(text<Mark>()),
    silent: optional(flag),
    images: optional(list(either(list(image), nothing))),
  }),
);

/** What another node tells. Throws a Mismatch where it is none. */
export function parseRuns(message: unknown): readonly Run[] {
  const runs = parse(live, message);
  for (const [at, { images }] of parse(beside, message).entries()) {
    const run = runs[at] as Run;
    if (!isWhole(run)) throw new Mismatch(`[${at}] has not one entry for each of its offsets`);
    if (images && (images.length !== run.entries.length || images.some((some) => some?.length === 0)))
      throw new Mismatch(`[${at}].images does not fit the entries`);
  }
  return runs as readonly Run[];
}

/** Whoever is told of a run gets a line for each of its offsets: of one that says that it is long there is no end. */
const isWhole = ({ from, to, entries }: Run): boolean =>
  from >= 0 &&
  Number.isSafeInteger(to) &&
  to - from === entries.length &&
  entries.every(([, offset], at) => offset === from + at + 1);

/** A change that was made, and whether it is to be told. */
export interface Made extends StoreChange {
  readonly silent?: boolean;
}

/** Changes of one topic in the order of their offsets, cut where one is missing: it comes by itself. */
export function runsOf(changes: Made[]): Run[] {
  const runs: Made[][] = [];
  for (const change of changes.sort((a, b) => a.from - b.from)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (last?.cursor.offset === change.from && last.silent === change.silent) run?.push(change);
    else runs.push([change]);
  }
  return runs.map(runOf);
}

/** One run of what is known to be one. */
export function runOf(changes: readonly Made[]): Run {
  const first = changes[0] as Made;
  const { offset, mark } = (changes.at(-1) as Made).cursor;
  const entries = changes.map(({ entry }) => entry);
  const isKnown = changes.some(({ before }) => before !== undefined);
  const images = isKnown && {
    images: changes.map(({ before }): Images | null => (before === undefined ? null : [before])),
  };
  const { topic, from, since } = first;
  const run = { topic, from, since, to: offset, mark, entries, ...images };
  return first.silent ? { ...run, silent: true } : run;
}

/** What of a run is above an offset. A run has an entry for each of its offsets. */
export function above(run: Run, offset: number): Run {
  if (run.from >= offset) return run;
  const { entries, images } = run;
  const isAbove = (at: number) => (entries[at]?.[1] ?? 0) > offset;
  const left = { ...run, since: undefined, from: offset, entries: entries.filter((_, at) => isAbove(at)) };
  return images ? { ...left, images: images.filter((_, at) => isAbove(at)) } : left;
}
