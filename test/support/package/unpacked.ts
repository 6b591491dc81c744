import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

/** Packs the package as `npm publish` would; returns the tarball in `folder`. */
export function pack(folder: string): string {
  execFileSync('npm', ['pack', '--ignore-scripts', '--loglevel', 'error', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [name] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  if (name === undefined) throw new Error(`npm has put no tarball into ${folder}`);
  return join(folder, name);
}

/** A new folder with the package as npm would install it, and copies of those of this clone's packages that are named. */
export function unpacked(...beside: readonly string[]): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'medulla-unpacked-'));
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'backbone-medulla');
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['-xzf', pack(folder), '-C', own, '--strip-components=1']);
  // No links: whoever follows them finds all that this clone has, jQuery too.
  for (const name of beside)
    cpSync(join(root, 'node_modules', name), join(modules, name), { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
