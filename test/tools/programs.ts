import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of these names that is on the path, whole. */
export function onPath(names: readonly string[]): string | undefined {
  for (const name of names) {
    if (name.startsWith('/') && executable(name)) return name;
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      if (folder && executable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
}

/** What an environment variable names; throws where that is no program. */
export function named(variable: string): string | undefined {
  const value = process.env[variable];
  if (!value || executable(value)) return value || undefined;
  throw new Error(`${variable} names no program: current value is ${value}`);
}

/** Runs what installs something, and says so. */
export function install(command: string, ...args: string[]): boolean {
  console.error(`Installing: ${command} ${args.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env }).status === 0;
}

/** Why Debian's packages cannot be installed here; undefined where they can. */
export function noDebian(): string | undefined {
  if (!existsSync('/usr/bin/apt-get')) return 'there is no apt-get here';
  return process.getuid?.() === 0 ? undefined : 'only root may install packages';
}

export function installDebian(...packages: string[]): boolean {
  const lock = ['-o', 'DPkg::Lock::Timeout=300'];
  return (
    install('apt-get', ...lock, 'update', '-q') &&
    install('apt-get', ...lock, 'install', '-q', '-y', '--no-install-recommends', ...packages)
  );
}
