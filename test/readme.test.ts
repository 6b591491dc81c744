import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { systems } from './conformance/rows.ts';

const root = dirname(import.meta.dirname);
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** What stands in the first column of the section's table. A name may end in a star. */
function named(title: string): string[] {
  const [, section = ''] = readme.split(`## ${title}\n`);
  const [table = ''] = section.split('\n## ');
  const cells = table.split('\n').map((line) => line.match(/^\| (.*?) \|/)?.[1] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
}

it('[PK6] the manual names each package that this one needs, and no other', () => {
  const needed = ['dependencies', 'peerDependencies', 'devDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  const names = named('What it is made of');
  const fits = (name: string, needs: string) =>
    name.endsWith('*') ? needs.startsWith(name.slice(0, -1)) : name === needs;
  expect(needed.filter((needs) => !names.some((name) => fits(name, needs)))).toEqual([]);
  expect(names.filter((name) => !needed.some((needs) => fits(name, needs)))).toEqual([]);
});

it('[PK6] the manual names all that can be imported', () => {
  const entries = Object.keys(manifest.exports ?? {}).map((name) => name.replace('.', 'backbone-medulla'));
  const missing = entries.filter(
    (name) => !readme.includes(`\`${name}\``) && !name.endsWith('/package.json'),
  );
  expect(missing).toEqual([]);
});

it.each(['worker-url', 'dialect-worker-url'])(
  '[PK2] the script that %s is about can be an entry of a build',
  (name) => {
    const source = readFileSync(join(root, `src/${name}.ts`), 'utf8');
    const [, script = ''] = source.match(/new URL\('\.\/(.*)\.js'/) ?? [];
    expect(manifest.exports?.[`./${script}`]).toMatchObject({ default: `./dist/${script}.js` });
    expect(manifest.sideEffects).toContain(`./dist/${script}.js`);
  },
);

const GUIDES = ['AL', 'JS', 'WS', 'IO', 'HJ'];

/** The rows that the guide's last column names: `02–04, 06`. */
function guided(system: string): string[] {
  const [, guide = ''] = readme.split(new RegExp(`^### From .*\\(${system}\\)$`, 'm'));
  const [table = ''] = guide.split('\n##');
  const cells = [...table.matchAll(/^\| .* \| ([\d–, ]+) \|$/gm)].map(([, cell = '']) => cell);
  return cells
    .flatMap((cell) => cell.split(', '))
    .flatMap((range) => {
      const [first, last] = range.split('–').map(Number);
      return Array.from({ length: (last ?? first ?? 0) - (first ?? 0) + 1 }, (_, i) => (first ?? 0) + i);
    })
    .map((number) => `${system}-${String(number).padStart(2, '0')}`);
}

it.each(GUIDES)('[PK8] the manual guides whoever comes from %s, row by row', (system) => {
  const rows = systems.flatMap(({ rows }) => Object.keys(rows)).filter((id) => id.startsWith(system));
  expect(rows.length).toBeGreaterThan(0);
  expect(guided(system).sort()).toEqual(rows);
});

it('[PK8] the manual’s links to itself lead somewhere', () => {
  const headings = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title);
  const anchors = headings.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\d _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  const links = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
});
