import { build } from 'vite';

/** One script of everything that `entry` imports, as text. */
export async function bundle(entry: string): Promise<string> {
  const [output] = [
    await build({
      configFile: false,
      logLevel: 'warn',
      build: { write: false, minify: false, lib: { entry, formats: ['es'], fileName: 'bundle' } },
    }),
  ].flat();
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error(`Cannot bundle ${entry}`);
  return chunk.code;
}
