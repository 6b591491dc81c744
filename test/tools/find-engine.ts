import type { EngineName } from '../support/engines/engine.ts';
import { findChromium } from './find-chromium.ts';
import { installDebian, named, noDebian, onPath } from './programs.ts';

/** The programs that drive an engine, or in one sentence why there are none. */
export type Found = { readonly programs: readonly string[] } | { readonly missing: string };

interface Optional {
  /** What is looked for: the variable that names it, and its usual names. */
  readonly programs: Readonly<Record<string, readonly string[]>>;
  /** Debian's packages of all of them. */
  readonly packages: readonly string[];
}

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

/** The engines that `MEDULLA_ENGINES` names, 'all' or a list with commas; undefined: whatever is there. */
function wanted(): readonly string[] | undefined {
  const names = process.env.MEDULLA_ENGINES?.split(',').filter(Boolean);
  return names?.includes('all') ? ['chromium', ...Object.keys(OPTIONAL)] : names;
}

/**
 * What drives this engine. One that `MEDULLA_ENGINES` names is installed where it is missing, and throws where that fails,
 * unless it is impossible here; one that it does not name is not looked for.
 */
export async function findEngine(name: EngineName): Promise<Found> {
  const names = wanted();
  if (names && !names.includes(name)) return { missing: `MEDULLA_ENGINES names only ${names.join(', ')}` };
  if (name === 'chromium') return { programs: [await findChromium()] };
  const { programs, packages } = OPTIONAL[name];
  const present = () => Object.entries(programs).map(([variable, usual]) => named(variable) ?? onPath(usual));
  const complete = (found: readonly (string | undefined)[]): found is string[] => !found.includes(undefined);
  const found = present();
  if (complete(found)) return { programs: found };
  const how = `on Debian: apt-get install ${packages.join(' ')}, or MEDULLA_ENGINES=${name} npm test as root; or name ${Object.keys(programs).join(', ')}`;
  if (!names) return { missing: `it is not installed (${how})` };
  const impossible = noDebian();
  if (impossible) return { missing: `it is not installed, and cannot be: ${impossible} (${how})` };
  const installed = installDebian(...packages) ? present() : [];
  if (installed.length > 0 && complete(installed)) return { programs: installed };
  throw new Error(`Cannot install ${name} (${how})`);
}
