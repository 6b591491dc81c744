import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systems } from './conformance/rows.ts';
import { citations, isRow } from './tools/citations.ts';

const cited = citations(dirname(import.meta.dirname));

describe.each(systems)('$name', ({ whole, rows }) => {
  const missing = Object.entries(rows).filter(([id]) => !cited.has(id));

  it(`[PK1] has ${whole ? 'a test for every row' : 'rows without a test, and says so'}`, () => {
    if (whole) expect(missing).toEqual([]);
    // The last test that was missing is there: from now on none may go. Say `whole: true` in conformance/rows.ts.
    else expect(missing).not.toEqual([]);
  });

  // A reader of the run's report sees what is still to be done.
  for (const [id, what] of missing) it.todo(`[${id}] ${what}`);
});

it('[PK1] lets tests cite only rows that the list has', () => {
  const known = new Set(systems.flatMap(({ rows }) => Object.keys(rows)));
  const unknown = [...cited]
    .filter(([id]) => isRow(id) && !known.has(id))
    .map(([row, files]) => [row, ...files]);
  expect(unknown).toEqual([]);
});
