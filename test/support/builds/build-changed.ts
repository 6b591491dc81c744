/** A process of its own: `node build-changed.ts <change> <folder>` builds the package's scripts, with the change, into the folder. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createBuilder, type Plugin } from 'vite';
import { CHANGES, isChange } from './changes.ts';

const root = join(import.meta.dirname, '../../..');
const [change = '', out = ''] = process.argv.slice(2);
if (!isChange(change)) throw new Error(`Cannot build '${change}': there are ${Object.keys(CHANGES)}`);

/** Rewrites sources on their way into the build; ends it where a text that is to be replaced is not there. */
const changed: Plugin = {
  name: 'changed',
  enforce: 'pre',
  transform(code, id) {
    const edits = CHANGES[change].filter(({ file }) => id.endsWith(file));
    if (edits.length === 0) return null;
    const edited = edits.reduce((text, { file, from, to }) => {
      if (!from.test(text)) throw new Error(`Cannot change ${file}: there is no ${from}`);
      return text.replace(from, to);
    }, code);
    // No edit moves a line: a map from before is still true.
    return { code: edited, map: null };
  },
};

const builder = await createBuilder({ root, build: { outDir: out }, plugins: [changed] });
mkdirSync(out, { recursive: true });
for (const name of ['page', 'hub', 'worker', 'service', 'server']) {
  const environment = builder.environments[name];
  if (!environment) throw new Error(`Cannot build ${name}: vite.config.ts has no such script`);
  await builder.build(environment);
}
// The server's script imports socket.io.
symlinkSync(join(root, 'node_modules'), join(dirname(out), 'node_modules'));
