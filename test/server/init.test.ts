import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = join(import.meta.dirname, '../../src/init.ts');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medulla-init-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', cwd: folder });
const USAGE = 'Usage: npx backbone-medulla init';

describe('the command', () => {
  it.each(['init --help', '--help', 'init -h'])(
    '[AR13] says how it is used when it is asked: %s',
    (words) => {
      const { status, stdout, stderr } = run(...words.split(' '));
      expect([status, stdout, stderr]).toEqual([0, expect.stringContaining(USAGE), '']);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('[AR13] takes no option that it does not know for a folder', () => {
    const { status, stderr } = run('init', '--force');
    expect([status, stderr]).toEqual([2, expect.stringContaining(USAGE)]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each(['constructor', 'inti public', 'backup app.db', 'sql 0 1', ''])(
    '[AR13] says how it is used where it is called otherwise: "%s"',
    (words) => {
      const { status, stdout, stderr } = run(...words.split(' ').filter(Boolean));
      expect([status, stdout, stderr.trimEnd().startsWith(USAGE)]).toEqual([2, '', true]);
    },
  );

  it('[AR13] says what is wrong with a folder that is a file', () => {
    writeFileSync(join(folder, 'afile'), '');
    const { status, stderr } = run('init', 'afile');
    expect([status, stderr]).toEqual([2, expect.stringContaining('afile is a file')]);
    expect(stderr).toContain(USAGE);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
