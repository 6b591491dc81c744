import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { executable, install, installDebian, named, noDebian, onPath } from './programs.ts';

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
  const given = named('MEDULLA_CHROMIUM') ?? named('CHROME_PATH');
  if (given) return given;
  const installed = () => (!noDebian() && installDebian('chromium')) || installPlaywright();
  const found = present() ?? (installed() ? present() : undefined);
  if (found) return found;
  throw new Error(
    'No Chromium was found and none could be installed: install one (on Debian: apt-get install chromium), or name one in the environment variable MEDULLA_CHROMIUM.',
  );
}

function present(): string | undefined {
  const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
  return onPath(NAMES) ?? [mac, chromium.executablePath()].find(executable);
}

function installPlaywright(): boolean {
  const cli = join(import.meta.dirname, '../../node_modules/playwright-core/cli.js');
  return install(process.execPath, cli, 'install', 'chromium');
}
