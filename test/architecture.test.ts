import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { globalsIn, importsOf, linesOf, sourceFiles } from './tools/sources.ts';

const root = dirname(import.meta.dirname);
const house = sourceFiles(root, ['src', 'sw']);
const everything = sourceFiles(root, ['src', 'sw', 'test', 'demo']);
const DOORS = [
  'src/backbone-types.ts',
  'src/dialect-worker-url.ts',
  'src/dialects.ts',
  'src/index.ts',
  'src/init.ts',
  'src/models.ts',
  'src/page-hub.ts',
  'src/server.ts',
  'src/surfaces.ts',
  'src/testing.ts',
  'src/umd.ts',
  'src/worker-url.ts',
  'sw/shared-worker.ts',
  'sw/service-worker.ts',
  'sw/no-service-worker.ts',
];

/** What the page's door opens only where there is no worker, and what a hub's opens only where a dialect is chosen. */
const LAZY_DOOR = 'src/page-hub.ts';
const DIALECTS = 'src/dialects.ts';

/** The doors of pages in one. */
const UMD = 'src/umd.ts';

/** All of it in one process, for the tests of applications, and for ours; it may see everything, and nothing in use may see it. */
const TESTING = 'src/testing';

/** The floor or room that a file belongs to. */
function placeOf(file: string): string {
  if ([LAZY_DOOR, DIALECTS, UMD].includes(file)) return file;
  if (file === `${TESTING}.ts`) return TESTING;
  if (DOORS.includes(file)) return 'door';
  return file.split('/').slice(0, 2).join('/');
}

/** What each place may import from; a place may always import from itself. Doors import from everywhere below. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/base': [],
  'src/protocol': ['src/base'],
  'src/client': ['src/protocol', 'src/base'],
  'src/hub': ['src/protocol', 'src/base'],
  'src/models': ['src/protocol', 'src/base'],
  'src/server': ['src/protocol', 'src/base'],
  'src/shell': ['src/base'],
  [TESTING]: ['src/client', 'src/hub', 'src/server', 'src/protocol', 'src/base'],
  [DIALECTS]: ['src/hub', 'src/protocol', 'src/base'],
  [LAZY_DOOR]: [DIALECTS, 'src/client', 'src/hub', 'src/protocol', 'src/base'],
  [UMD]: ['door'],
  door: [
    LAZY_DOOR,
    DIALECTS,
    'src/client',
    'src/hub',
    'src/server',
    'src/models',
    'src/shell',
    'src/protocol',
    'src/base',
  ],
};

/** The files that may touch the globals of their context. */
const mayTouchGlobals = (file: string) =>
  DOORS.includes(file) ||
  file.startsWith('src/hub/adapters/') ||
  file.startsWith('src/client/hosts/') ||
  file === 'src/client/environment.ts';

const MAX_LINES = 250;
const MAX_MEDIAN = 90;
const MAX_FILES = 16;

describe('the house', () => {
  it('[AR1] lets imports go down only, and no room sees another', () => {
    const wrong = house.flatMap((file) =>
      importsOf(root, file)
        .local.filter((target) => !allowed(placeOf(file), placeOf(target)))
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);

    function allowed(from: string, to: string): boolean {
      return (from !== 'door' && from === to) || (MAY_IMPORT[from]?.includes(to) ?? false);
    }
  });

  it('[AR1] has only the places that the table names', () => {
    expect(house.map(placeOf).filter((place) => !(place in MAY_IMPORT))).toEqual([]);
  });

  it('[AR2] lets the demo import the package by its published names only', () => {
    const wrong = sourceFiles(root, ['demo']).flatMap((file) =>
      importsOf(root, file)
        .local.filter((target) => !target.startsWith('demo/'))
        .map((target) => `${file} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('[AR3] has no import cycles, type imports counted', () => {
    expect(cycles([...house, ...sourceFiles(root, ['demo'])])).toEqual([]);
  });

  it('[AR4] keeps each foreign library behind one file per room', () => {
    const importers = new Map<string, string[]>();
    for (const file of house) {
      for (const library of importsOf(root, file).foreign) {
        const room = `${library} in ${placeOf(file) === 'door' ? file : placeOf(file)}`;
        importers.set(room, [...(importers.get(room) ?? []), file]);
      }
    }
    expect([...importers].filter(([, files]) => files.length > 1)).toEqual([]);
  });

  it('[AR5] touches the globals of a context only in doors, adapters and hosts', () => {
    const wrong = house
      .filter((file) => !mayTouchGlobals(file))
      .flatMap((file) => globalsIn(root, file).map((name) => `${file} touches ${name}`));
    expect(wrong).toEqual([]);
  });
});

describe('its measures', () => {
  it(`[AR6] has no file above ${MAX_LINES} lines, and a median of at most ${MAX_MEDIAN} under src`, () => {
    expect(everything.filter((file) => linesOf(root, file) > MAX_LINES)).toEqual([]);
    const sizes = house.map((file) => linesOf(root, file)).sort((a, b) => a - b);
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(MAX_MEDIAN);
  });

  it(`[AR6] has at most ${MAX_FILES} files in a folder of src`, () => {
    const files = new Map<string, number>();
    for (const file of house) files.set(dirname(file), (files.get(dirname(file)) ?? 0) + 1);
    expect([...files].filter(([, count]) => count > MAX_FILES)).toEqual([]);
  });

  it('[AR7] names files in kebab case, and has no barrels', () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|d|config))?\.ts$/;
    expect(everything.filter((file) => !name.test(basename(file)))).toEqual([]);
    expect(house.filter((file) => basename(file) === 'index.ts' && !DOORS.includes(file))).toEqual([]);
  });

  it('[AR8] shows a short top level', () => {
    const visible = readdirSync(root).filter((name) => !/^\.|\.(db|db-\w+|log)$/.test(name));
    const wanted = ['package.json', 'tsconfig.json', 'src', 'sw', 'test', 'demo', 'README.md'];
    const demanded = ['package-lock.json', 'LICENSE', 'vite.config.ts', 'biome.json'];
    const made = ['node_modules', 'dist'];
    expect(visible.filter((name) => ![...wanted, ...demanded, ...made].includes(name))).toEqual([]);
  });
});

/** Each cycle once, as the files on it. */
function cycles(files: readonly string[]): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  for (const file of files) visit(file);
  return found;

  function visit(file: string): void {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of importsOf(root, file).local) if (files.includes(target)) visit(target);
    path.pop();
    done.add(file);
  }
}
