/**
 * The command `npx backbone-medulla`. `init public/` copies the scripts of pages and workers to where a static host serves
 * them; `no-service-worker public/service-worker.js` lays the script that ends service workers in the place of one;
 * `backup app.db copy.db` copies a database that is in use; `sql` prints the schema of PostgreSQL.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MIGRATIONS, migrationSql } from './server/stores/postgres/migrations.ts';
import { backupFile } from './server/stores/sqlite-backup.ts';

/** What is there for Node, for tests, for bundlers, for compilers or for another place; all other scripts may be loaded by pages and workers. */
const ELSEWHERE = /^(server|init|testing|no-service-worker|dialect-worker|.*-(url|types))\.js$/;
const USAGE = `Usage: npx backbone-medulla init [folder]
Copies the scripts to folder/medulla; the folder is public/ by default.

       npx backbone-medulla no-service-worker <file>
Puts a script in the place of a service worker's that ends it where it is installed: with the next look for an
update it deletes its shells, unregisters itself and reloads its pages.

       npx backbone-medulla backup <file> <copy>
Copies a database of sqliteStore, which may be in use.

       npx backbone-medulla sql [version]
Prints what makes the newest schema of postgresStore of that version; of nothing by default.`;

/** How many arguments each command takes, at least and at most. */
const COUNTS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['init', [0, 1]],
  ['no-service-worker', [1, 1]],
  ['backup', [2, 2]],
  ['sql', [0, 1]],
]);

const [command = '', ...args] = process.argv.slice(2);
const [least, most] = COUNTS.get(command) ?? [1, 0];
const isCall =
  args.length >= least && args.length <= most && args.every((arg) => arg && !arg.startsWith('-'));
const [first, second = ''] = args;

if ([command, ...args].some((arg) => arg === '--help' || arg === '-h')) console.log(USAGE);
else if (!isCall) fail(USAGE, 2);
else if (command === 'init') copyScripts(first ?? 'public');
else if (command === 'no-service-worker') layInPlace(first ?? '');
else if (command === 'backup') await backup(first ?? '', second);
else printSql(first ?? '0');

function printSql(version: string): void {
  if (/^\d+$/.test(version) && Number(version) < MIGRATIONS.length)
    console.log(migrationSql(Number(version)));
  else fail(`There is nothing to do for version ${version}: the newest is ${MIGRATIONS.length}.`, 1);
}

async function backup(file: string, to: string): Promise<void> {
  try {
    await backupFile(file, to);
    console.log(to);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error), 1);
  }
}

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
