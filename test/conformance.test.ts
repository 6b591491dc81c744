import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { systems } from './conformance/rows.ts';
import { citations, isRow } from './tools/citations.ts';

const cited = citations(dirname(import.meta.dirname));

it.each(systems)('[PK1] has a test for every row of $name', ({ rows }) => {
  expect(Object.entries(rows).filter(([id]) => !cited.has(id))).toEqual([]);
});

it('[PK1] lets tests cite only rows that the list has', () => {
  const known = new Set(systems.flatMap(({ rows }) => Object.keys(rows)));
  const unknown = [...cited]
    .filter(([id]) => isRow(id) && !known.has(id))
    .map(([row, files]) => [row, ...files]);
  expect(unknown).toEqual([]);
});
