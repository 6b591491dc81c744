import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];

/**
 * The path of a Chromium: the one that `MEDULLA_CHROMIUM` or `CHROME_PATH` names, one on the path, one of Playwright's;
 * where there is none it is installed: Debian's package as root, else Playwright's own. Throws with one sentence that
 * says what to install.
 */
export async function findChromium(): Promise<string> {
  for (const variable of ['MEDULLA_CHROMIUM', 'CHROME_PATH']) {
    const named = process.env[variable];
    if (!named) continue;
    if (executable(named)) return named;
    throw new Error(`${variable} names no program: current value is ${named}`);
  }
  const found = present() ?? (installDebian() || installPlaywright() ? present() : undefined);
  if (found) return found;
  throw new Error(
    'No Chromium was found and none could be installed: install one (on Debian: apt-get install chromium), or name one in the environment variable MEDULLA_CHROMIUM.',
  );
}

function present(): string | undefined {
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (folder && executable(join(folder, name))) return join(folder, name);
    }
  }
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return [mac, chromium.executablePath()].find(executable);
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command: string, ...args: string[]): boolean {
  console.error(`Installing Chromium: ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env }).status === 0;
}

function installDebian(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  return (
    run('apt-get', ...lock, 'update', '-q') &&
    run('apt-get', ...lock, 'install', '-q', '-y', '--no-install-recommends', 'chromium')
  );
}

function installPlaywright(): boolean {
  const cli = join(import.meta.dirname, '../../node_modules/playwright-core/cli.js');
  return run(process.execPath, cli, 'install', 'chromium');
}
