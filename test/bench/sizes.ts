import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What a script may weigh, in kB of 1,000 bytes, min+gzip. */
const BOUNDS = { 'index.js': 8, 'shared-worker.js': 26 } as const;

export interface Size {
  readonly script: string;
  readonly kB: number;
  readonly bound: number;
}

/** The sizes of the scripts that a page loads, with what they import statically. */
export function scriptSizes(dist: string): Size[] {
  return Object.entries(BOUNDS).map(([script, bound]) => {
    const bytes = [...withImports(join(dist, script))].map(
      (file) => gzipSync(readFileSync(file), { level: 9 }).length,
    );
    return { script, bound, kB: bytes.reduce((sum, n) => sum + n, 0) / 1000 };
  });
}

function withImports(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  for (const [, path = ''] of text.matchAll(/(?:from|import)\s*["'](\.[^"']+)["']/g)) {
    withImports(join(dirname(file), path), seen);
  }
  return seen;
}
