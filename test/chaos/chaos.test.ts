import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const SEED = 1;
const SECONDS = 120;

// By the command line, as a person would: what it prints is the story of a failure.
it(`[CH1] keeps every promise while everything around the tabs breaks: seed ${SEED}, ${SECONDS} s`, () => {
  const args = [join(import.meta.dirname, 'run.ts'), '--seed', `${SEED}`, '--seconds', `${SECONDS}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 280_000,
  });
  console.log(stdout.trimEnd());
  expect(status, `${stdout}\n${stderr}`).toBe(0);
});
