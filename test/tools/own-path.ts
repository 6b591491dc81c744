import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** For each test of a file: on the path is nothing but what the test puts there, and these variables of ours are not set. */
export function ownPath(...variables: readonly string[]) {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'medulla-path-'));
    vi.stubEnv('PATH', folder);
    for (const name of variables) vi.stubEnv(`MEDULLA_${name}`, undefined);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const place = (name: string) => join(folder, name);
  return {
    /** Where a program of this name would be. */
    place,
    program(name: string): string {
      const file = place(name);
      writeFileSync(file, '');
      chmodSync(file, 0o755);
      return file;
    },
  };
}
