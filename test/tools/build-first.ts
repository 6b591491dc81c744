import { execSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './sources.ts';

const root = join(import.meta.dirname, '../..');

/** Vitest's set-up for what tests the builds: makes them where they are missing, or older than a source. */
export function setup(): void {
  const built = join(root, 'dist/server.js');
  const made = existsSync(built) ? statSync(built).mtimeMs : 0;
  const newest = Math.max(
    ...sourceFiles(root, ['src', 'sw']).map((file) => statSync(join(root, file)).mtimeMs),
  );
  // Vitest's own NODE_ENV would choose the debugging builds of what is bundled.
  const env = { ...process.env, NODE_ENV: 'production' };
  if (made < newest) execSync('npm run --silent build', { cwd: root, stdio: 'inherit', env });
}
