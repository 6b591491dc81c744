import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const here = import.meta.dirname;
const root = join(here, '../..');

/** The codes of the errors, by `file:line`. */
type Errors = Record<string, string[]>;

const note = (errors: Errors, place: string, code: string) => {
  errors[place] = [...new Set([...(errors[place] ?? []), code])].sort();
};

/** What the compiler finds in the files of this folder, whose names are relative to it. */
function compiled(): Errors {
  const errors: Errors = {};
  const { stdout } = spawnSync(
    join(root, 'node_modules/.bin/tsc'),
    ['-p', join(here, 'tsconfig.json'), '--pretty', 'false'],
    { cwd: here, encoding: 'utf8' },
  );
  for (const [, file, line, code] of stdout.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm))
    note(errors, `${file}:${line}`, code ?? '');
  return errors;
}

/** What the files say that is to be found in them. */
function marked(folder: string): Errors {
  const errors: Errors = {};
  for (const file of readdirSync(join(here, folder)))
    for (const [at, line] of readFileSync(join(here, folder, file), 'utf8')
      .split('\n')
      .entries())
      for (const [code] of (/\/\/((?: TS\d+)+)$/.exec(line)?.[1] ?? '').matchAll(/TS\d+/g))
        note(errors, `${folder}/${file}:${at + 1}`, code);
  return errors;
}

describe('types', () => {
  let found: Errors = {};
  beforeAll(() => {
    found = compiled();
  }, 60_000);
  const outside = (folder: string) =>
    Object.fromEntries(Object.entries(found).filter(([place]) => !place.startsWith(folder)));

  it('[TY1] infer what is there', () => {
    expect(readdirSync(join(here, 'compiles')).length).toBeGreaterThan(3);
    expect(outside('fails/')).toEqual({});
  });

  it('[TY2] refuse what does not fit, line by line', () => {
    expect(Object.keys(marked('fails')).length).toBeGreaterThan(40);
    expect(outside('compiles/')).toEqual(marked('fails'));
  });
});
