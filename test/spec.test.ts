import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { citations, isRow } from './tools/citations.ts';

const root = dirname(import.meta.dirname);
const spec = readFileSync(join(root, 'test/SPEC.md'), 'utf8');
const rules = [...spec.matchAll(/^- \*\*([A-Z]{2}\d+)\*\* /gm)].map((match) => match[1] ?? '');
const cited = citations(root);

it('[AR9] gives each rule of the spec a test', () => {
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
});

it('[AR9] lets tests cite only rules that the spec has', () => {
  const unknown = [...cited]
    .filter(([id]) => !isRow(id) && !rules.includes(id))
    .map(([rule, files]) => [rule, ...files]);
  expect(unknown).toEqual([]);
});

it('[AR9] numbers each rule once', () => {
  expect(rules.filter((rule, i) => rules.indexOf(rule) !== i)).toEqual([]);
});
