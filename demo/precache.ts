import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve as absolute } from 'node:path';
import type { Plugin } from 'vite';

interface PrecacheEntry {
  readonly url: string;
  /** null where the url itself changes with the content. */
  readonly revision: string | null;
}

const PLACEHOLDER = 'self.__WB_MANIFEST';

/**
 * Ends the build: writes the package's service worker beside the page, with the list of all that has to be there
 * offline. The hub's script is served by the server under a stable url, so its revision is its content's. With Vite's
 * `base` all of the page's own files are below that.
 */
export function precache(): Plugin {
  const { resolve } = createRequire(import.meta.url);
  let out = '';
  let below = '/';
  return {
    name: 'precache',
    apply: 'build',
    configResolved({ root, base, build }) {
      out = absolute(root, build.outDir);
      below = base;
    },
    closeBundle() {
      const worker = resolve('backbone-medulla/service-worker');
      const hub = resolve('backbone-medulla/shared-worker');
      const entries = [
        ...shellEntries(out, below),
        { url: '/medulla/shared-worker.js', revision: hash(hub) },
      ];
      writeFileSync(`${out}/service-worker.js`, filled(readFileSync(worker, 'utf8'), entries));
    },
  };
}

/** The service worker's text with the list in the placeholder's place, and no word of a map that stays behind. */
export function filled(worker: string, entries: readonly PrecacheEntry[]): string {
  if (worker.split(PLACEHOLDER).length !== 2)
    throw new Error(`Cannot fill the service worker as it does not have exactly one ${PLACEHOLDER}`);
  const text = worker.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
  return text.replace(PLACEHOLDER, () => JSON.stringify(entries));
}

/** Every file of the built page, but for maps and the service worker itself. */
export function shellEntries(out: string, base = '/'): PrecacheEntry[] {
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !/\.map$|^service-worker\.js/.test(file.name))
    .map((file) => `${file.parentPath}/${file.name}`)
    .sort()
    .map((path) => {
      const name = path.slice(out.length + 1);
      return { url: base + name, revision: name.startsWith('assets/') ? null : hash(path) };
    });
}

const hash = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 20);
