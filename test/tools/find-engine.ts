import type { EngineName } from '../support/engines/engine.ts';
import { findChromium } from './find-chromium.ts';
import { type Found, findOptional, type Optional, wanted } from './find-optional.ts';

const MINI_BROWSERS = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((machine) =>
  ['4.1', '6.0'].map((version) => `/usr/lib/${machine}/webkit2gtk-${version}/MiniBrowser`),
);

const OPTIONAL: Readonly<Record<Exclude<EngineName, 'chromium'>, Optional>> = {
  firefox: { programs: { MEDULLA_FIREFOX: ['firefox-esr', 'firefox'] }, packages: ['firefox-esr'] },
  webkit: {
    programs: {
      MEDULLA_WEBKIT_DRIVER: ['WebKitWebDriver'],
      MEDULLA_MINI_BROWSER: ['MiniBrowser', ...MINI_BROWSERS],
      MEDULLA_XVFB: ['Xvfb'],
    },
    packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
  },
};

/**
 * What drives this engine. One that `MEDULLA_ENGINES` names is installed where it is missing, and throws where that fails,
 * unless it is impossible here; one that it does not name is not looked for.
 */
export async function findEngine(name: EngineName): Promise<Found> {
  if (name !== 'chromium') return findOptional(name, 'MEDULLA_ENGINES', OPTIONAL[name]);
  const names = wanted('MEDULLA_ENGINES');
  const isWanted = !names || names.includes('all') || names.includes(name);
  if (!isWanted) return { missing: `MEDULLA_ENGINES names only ${names.join(', ')}` };
  return { programs: [await findChromium()] };
}
