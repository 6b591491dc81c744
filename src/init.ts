/** The command `npx backbone-medulla init public/`: copies the scripts that a page cannot bundle to where it serves them. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const SCRIPTS = ['shared-worker.js', 'service-worker.js'];

const [command, folder = 'public', ...rest] = process.argv.slice(2);
if (command !== 'init' || rest.length > 0) {
  console.error(
    'Usage: npx backbone-medulla init [folder]\nCopies the worker scripts to folder/medulla; the folder is public/ by default.',
  );
  process.exitCode = 2;
} else {
  const target = join(folder, 'medulla');
  mkdirSync(target, { recursive: true });
  for (const script of SCRIPTS) {
    for (const file of [script, `${script}.map`])
      copyFileSync(join(import.meta.dirname, file), join(target, file));
    console.log(join(target, script));
  }
}
