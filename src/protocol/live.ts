import { parse } from '../base/shape.ts';
import { type Entry, type LiveChanges, liveChanges } from './change.ts';
import type { Mark } from './ids.ts';

/** An entry without its offset, which its place says; 0 = nothing is told of that offset. */
type Line = readonly [Entry[0], ...unknown[]] | 0;

/**
 * Live changes as they go over the wire, hundreds a second: an event that is named like its topic, with the offset
 * before them, the mark of the last, and one line for each offset.
 */
export function packLive({ from, to, mark, entries }: LiveChanges): [from: number, mark: Mark, ...Line[]] {
  const lines = Array<Line>(to - from).fill(0);
  for (const [record, offset, ...rest] of entries) lines[offset - from - 1] = [record, ...rest];
  return [from, mark, ...lines];
}

export const isLive = (event: string): boolean => event.startsWith('/');

/** Throws a Mismatch where it does not parse. */
export function unpackLive(topic: string, [from, mark, ...lines]: readonly unknown[]): LiveChanges {
  const first = typeof from === 'number' ? from + 1 : Number.NaN;
  const entries = lines.flatMap((line, i) => (line === 0 ? [] : [lineUp(line, first + i)]));
  return parse(liveChanges, { topic, from, to: first + lines.length - 1, mark, entries });
}

const lineUp = (line: unknown, offset: number): unknown =>
  Array.isArray(line) ? [line[0], offset, ...line.slice(1)] : line;
