import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { Change } from './changes.ts';

/** The folder of the build that is tested. */
export const TODAY = join(import.meta.dirname, '../../../dist');

/** The folder of a real build of the package as it may be one day; each is made once in a run, or by two at a time, of which one stays. */
export function buildOf(change: Change): string {
  const folder = join(inject('builds'), change);
  if (!existsSync(folder)) {
    const script = join(import.meta.dirname, 'build-changed.ts');
    const made = mkdtempSync(`${folder}-`);
    // Vitest's own NODE_ENV would choose the debugging builds of what is bundled.
    const env = { ...process.env, NODE_ENV: 'production' };
    const args = [script, change, join(made, 'dist')];
    execFileSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      renameSync(made, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, 'dist');
}
