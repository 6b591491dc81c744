import { build } from 'vite';

/** What the test page's import map names. */
const external = ['backbone', 'backbone-medulla'];

/** One script of everything else that `entry` imports, as text. */
export async function bundle(entry: string): Promise<string> {
  const [output] = [
    await build({
      configFile: false,
      logLevel: 'warn',
      build: {
        write: false,
        minify: false,
        lib: { entry, formats: ['es'], fileName: 'bundle' },
        rolldownOptions: { external },
      },
    }),
  ].flat();
  const chunk = output && 'output' in output ? output.output[0] : undefined;
  if (chunk?.type !== 'chunk') throw new Error(`Cannot bundle ${entry}`);
  return chunk.code;
}
