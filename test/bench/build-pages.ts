import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Bundles the contestants' pages and the limit's worker; answers the folder. Medulla itself stays outside: it is served from dist. */
export async function buildPages(): Promise<string> {
  const outDir = here('out/pages/');
  await build({
    configFile: false,
    root: here('.'),
    logLevel: 'warn',
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      minify: true,
      rolldownOptions: {
        input: ['limit', 'limit-worker', 'rival', 'medulla'].map((name) => here(`pages/${name}.ts`)),
        external: (id) => id.endsWith('/src/index.ts'),
        output: {
          entryFileNames: '[name].js',
          chunkFileNames: '[name].js',
          paths: () => '/medulla/index.js',
        },
        preserveEntrySignatures: false,
      },
    },
  });
  return outDir;
}
