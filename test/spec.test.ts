import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { sourceFiles } from './tools/sources.ts';

const root = dirname(import.meta.dirname);
const spec = readFileSync(join(root, 'test/SPEC.md'), 'utf8');
const rules = [...spec.matchAll(/^- \*\*([A-Z]{2}\d+)\*\* /gm)].map((match) => match[1] ?? '');

/** Rule → the files with a test whose title begins with it. A title may cite several: `[OB1] [OB2] …`. */
const cited = new Map<string, Set<string>>();
for (const file of sourceFiles(root, ['test'])) {
  const text = readFileSync(join(root, file), 'utf8');
  for (const [, title = ''] of text.matchAll(/\(\s*[`'"]((?:\[[A-Z]{2}\d+\] ?)+)/g)) {
    for (const [, rule = ''] of title.matchAll(/\[([A-Z]{2}\d+)\]/g)) {
      cited.set(rule, (cited.get(rule) ?? new Set()).add(file));
    }
  }
}

it('[AR9] gives each rule of the spec a test', () => {
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
});

it('[AR9] lets tests cite only rules that the spec has', () => {
  const unknown = [...cited]
    .filter(([rule]) => !rules.includes(rule))
    .map(([rule, files]) => [rule, ...files]);
  expect(unknown).toEqual([]);
});

it('[AR9] numbers each rule once', () => {
  expect(rules.filter((rule, i) => rules.indexOf(rule) !== i)).toEqual([]);
});
