import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, 'corpus');

/** The frames that found something once, or are known from elsewhere, one a line: they are fed before all others. */
export function keptFrames(target: string): readonly unknown[] {
  const file = join(FOLDER, `${target.replaceAll(' ', '-').toLowerCase()}.jsonl`);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines
    .filter((line) => line.startsWith('{') || line.startsWith('[') || line.startsWith('"'))
    .map((line) => JSON.parse(line));
}
