import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './sources.ts';

/** What a title may begin with: rules of the spec, `[OB1]`, and rows of the conformance list, `[AL-08]`, in any number. */
const CITED = /(?<!\.(?:skip|todo|fails))\(\s*[`'"]((?:\[[A-Z]{2}-?\d+\] ?)+)/g;

/** Rule or row → the files with a test whose title begins with it; what is left out of the run is no test. */
export function citations(root: string): Map<string, Set<string>> {
  const cited = new Map<string, Set<string>>();
  for (const file of sourceFiles(root, ['test'])) {
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, title = ''] of text.matchAll(CITED))
      for (const [, id = ''] of title.matchAll(/\[([A-Z]{2}-?\d+)\]/g))
        cited.set(id, (cited.get(id) ?? new Set()).add(file));
  }
  return cited;
}

/** Rows of the conformance list have a dash in their ids, and a list of their own. */
export const isRow = (id: string) => id.includes('-');
