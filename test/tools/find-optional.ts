import { installDebian, named, noDebian, onPath } from './programs.ts';

/** The programs that were looked for, or in one sentence why there are none. */
export type Found = { readonly programs: readonly string[] } | { readonly missing: string };

export interface Optional {
  /** What is looked for: the variable that names it, and its usual names. */
  readonly programs: Readonly<Record<string, readonly string[]>>;
  /** Debian's packages of all of them. */
  readonly packages: readonly string[];
  /** What has to be so before they are installed. */
  readonly prepare?: () => void;
}

/** What this variable names, 'all' or a list with commas, to be there whatever it takes; undefined: whatever is there. */
export const wanted = (variable: string): readonly string[] | undefined =>
  process.env[variable]?.split(',').filter(Boolean);

/**
 * What is there. What `variable` names is installed where it is missing, and throws where that fails, unless it is
 * impossible here; where it names others alone, it is not looked for.
 */
export function findOptional(
  name: string,
  variable: string,
  { programs, packages, prepare }: Optional,
): Found {
  const names = wanted(variable);
  if (names && !names.includes(name) && !names.includes('all'))
    return { missing: `${variable} names only ${names.join(', ')}` };
  const present = () => Object.entries(programs).map(([one, usual]) => named(one) ?? onPath(usual));
  const complete = (found: readonly (string | undefined)[]): found is string[] => !found.includes(undefined);
  const found = present();
  if (complete(found)) return { programs: found };
  const how = `on Debian: apt-get install ${packages.join(' ')}, or ${variable}=${name} npm test as root; or name ${Object.keys(programs).join(', ')}`;
  if (!names) return { missing: `it is not installed (${how})` };
  const impossible = noDebian();
  if (impossible) return { missing: `it is not installed, and cannot be: ${impossible} (${how})` };
  prepare?.();
  const installed = installDebian(...packages) ? present() : [];
  if (installed.length > 0 && complete(installed)) return { programs: installed };
  throw new Error(`Cannot install ${name} (${how})`);
}
