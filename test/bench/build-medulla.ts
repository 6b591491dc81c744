import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import config from '../../vite.config.ts';

/**
 * Builds Medulla's scripts as they are published, into a folder of the bench: `dist` may be in use by somebody else.
 * With `readable` names are kept, for a profile.
 */
export async function buildMedulla(readable = false): Promise<string> {
  const outDir = join(import.meta.dirname, 'out/dist/');
  await rm(outDir, { recursive: true, force: true });
  for (const name of ['page', 'worker']) {
    const { define = {}, build: options } = config.environments?.[name] ?? {};
    const rolldownOptions = readable
      ? { ...options?.rolldownOptions, output: { ...options?.rolldownOptions?.output, minify: false } }
      : options?.rolldownOptions;
    await build({
      configFile: false,
      root: join(import.meta.dirname, '../..'),
      logLevel: 'warn',
      define,
      plugins: config.plugins ?? [],
      build: {
        ...options,
        rolldownOptions: rolldownOptions ?? {},
        outDir,
        sourcemap: false,
        minify: !readable,
      },
    });
  }
  return outDir;
}
