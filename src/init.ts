/** The command `npx backbone-medulla init public/`: copies the scripts of pages and workers to where a static host serves them. */
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The page's own, for pages without a bundler, with what it loads where no worker starts. */
const SCRIPTS = ['shared-worker.js', 'service-worker.js', 'index.js', 'page-hub.js'];
const USAGE =
  'Usage: npx backbone-medulla init [folder]\nCopies the scripts to folder/medulla; the folder is public/ by default.';

const args = process.argv.slice(2);
const [command, folder = 'public', ...rest] = args;

if (args.includes('--help') || args.includes('-h')) console.log(USAGE);
else if (command !== 'init' || rest.length > 0 || folder === '' || folder.startsWith('-')) fail(USAGE, 2);
else copyScripts(folder);

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
