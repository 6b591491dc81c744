import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the builds of this run lie. */
    builds: string;
  }
}

/** Vitest's set-up: a folder for builds that differ from today's. */
export function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'medulla-builds-'));
  project.provide('builds', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
