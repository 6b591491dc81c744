/**
 * The command `npx backbone-medulla`. `init public/` copies the scripts of pages and workers to where a static host serves
 * them; `no-service-worker public/service-worker.js` lays the script that ends service workers in the place of one.
 */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The page's own, for pages without a bundler, with what it loads where no worker starts. */
const SCRIPTS = ['shared-worker.js', 'service-worker.js', 'index.js', 'page-hub.js', 'surfaces.js'];
const USAGE = `Usage: npx backbone-medulla init [folder]
Copies the scripts to folder/medulla; the folder is public/ by default.

       npx backbone-medulla no-service-worker <file>
Puts a script in the place of a service worker's that ends it where it is installed: with the next look for an
update it deletes its shells, unregisters itself and reloads its pages.`;

const args = process.argv.slice(2);
const [command, target = command === 'init' ? 'public' : '', ...rest] = args;

if (args.includes('--help') || args.includes('-h')) console.log(USAGE);
else if (rest.length > 0 || target === '' || target.startsWith('-')) fail(USAGE, 2);
else if (command === 'init') copyScripts(target);
else if (command === 'no-service-worker') layInPlace(target);
else fail(USAGE, 2);

function layInPlace(file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(join(import.meta.dirname, 'no-service-worker.js'), file);
    console.log(file);
  } catch (error) {
    fail(`Cannot write ${file}: ${error instanceof Error ? error.message : error}`, 1);
  }
}

function copyScripts(to: string): void {
  const target = join(to, 'medulla');
  const file = [to, target].find((path) => existsSync(path) && !statSync(path).isDirectory());
  if (file) {
    fail(`Cannot copy the scripts to ${target}: ${file} is a file.\n${USAGE}`, 2);
    return;
  }
  try {
    mkdirSync(target, { recursive: true });
    for (const script of SCRIPTS) {
      for (const name of [script, `${script}.map`])
        copyFileSync(join(import.meta.dirname, name), join(target, name));
      console.log(join(target, script));
    }
  } catch (error) {
    fail(`Cannot copy the scripts to ${target}: ${error instanceof Error ? error.message : error}`, 1);
  }
}

function fail(message: string, code: number): void {
  console.error(message);
  process.exitCode = code;
}
