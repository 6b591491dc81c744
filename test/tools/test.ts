/**
 * The whole of `npm test`: each step in order, and no further than the first that fails. The last line counts the
 * tests of all steps; a step that is no test suite counts as one failure when it fails.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findEngine } from './find-engine.ts';
import type { Found } from './find-optional.ts';
import { findServer, SERVERS } from './find-server.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const scratch = mkdtempSync(join(tmpdir(), 'medulla-test-'));

function run(command: string, more: NodeJS.ProcessEnv = {}): boolean {
  const env = { ...process.env, ...more };
  return spawnSync(command, { shell: true, stdio: 'inherit', env }).status === 0;
}

const check = (command: string) => (): Count => ({ passed: 0, failed: run(command) ? 0 : 1 });

/** Runs vitest projects; what they count comes out of the JSON report. */
const suite =
  (...projects: string[]) =>
  (): Count => {
    const report = join(scratch, `${projects[0]}.json`);
    const chosen = projects.map((project) => `--project ${project}`).join(' ');
    const ok = run(`vitest run ${chosen}`, { MEDULLA_REPORT: report });
    const failed = (count: number) => (ok ? count : Math.max(1, count));
    try {
      const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
      return { passed: numPassedTests, failed: failed(numFailedTests) };
    } catch {
      return { passed: 0, failed: failed(0) };
    }
  };

/** Chromium has to be there; of another engine that is not, one line says so. */
const engines = () => look(['chromium', 'firefox', 'webkit'], findEngine);

/** What the tests of servers start; without it they are skipped. */
const servers = () => look(SERVERS, findServer);

async function look<T extends string>(
  names: readonly T[],
  find: (name: T) => Found | Promise<Found>,
): Promise<Count> {
  let failed = 0;
  for (const name of names) {
    try {
      const found = await find(name);
      console.log(`${name}: ${'missing' in found ? `skipped, ${found.missing}` : found.programs.join(', ')}`);
    } catch (error) {
      failed += 1;
      console.error(error instanceof Error ? error.message : error);
    }
  }
  return { passed: 0, failed };
}

const steps: Readonly<Record<string, () => Count | Promise<Count>>> = {
  types: check('tsc'),
  lint: check('biome check --error-on-warnings'),
  architecture: suite('architecture'),
  servers,
  unit: suite('unit', 'nodes'),
  simulator: suite('sim'),
  build: check('npm run --silent build'),
  package: suite('package'),
  engines,
  browsers: suite('browser', 'chaos'),
};

const total = { passed: 0, failed: 0 };
for (const [name, step] of Object.entries(steps)) {
  console.log(`\n── ${name} ${'─'.repeat(60 - name.length)}`);
  const since = performance.now();
  const { passed, failed } = await step();
  console.log(`${name}: ${Math.round((performance.now() - since) / 1_000)} s`);
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) {
    console.log(`\nThe step '${name}' failed; those after it were not run.`);
    break;
  }
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
