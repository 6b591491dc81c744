import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Change } from './changes.ts';

/** The folder of the build that is tested. */
export const TODAY = join(import.meta.dirname, '../../../dist');

/** The folder of a real build of the package as it may be one day; each is made once in a run. */
export function buildOf(change: Change): string {
  const folder = join(inject('builds'), change, 'dist');
  if (!existsSync(folder)) {
    const script = join(import.meta.dirname, 'build-changed.ts');
    // Vitest's own NODE_ENV would choose the debugging builds of what is bundled.
    const env = { ...process.env, NODE_ENV: 'production' };
    execFileSync(process.execPath, [script, change, folder], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return folder;
}
