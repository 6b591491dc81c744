/**
 * The command `npx backbone-medulla`. `init public/` copies the scripts of pages and workers to where a static host serves
 * them; `no-service-worker public/service-worker.js` lays the script that ends service workers in the place of one.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What is there for Node, for tests, for bundlers, for compilers or for another place; all other scripts may be loaded by pages and workers. */
const ELSEWHERE = /^(server|init|testing|no-service-worker|dialect-worker|.*-(url|types))\.js$/;
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
    const isScript = (name: string) => name.endsWith('.js') && !ELSEWHERE.test(name);
    for (const script of readdirSync(import.meta.dirname).filter(isScript)) {
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
