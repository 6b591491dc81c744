import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineWorld } from '../../support/browser/engine-world.ts';
import type { Engine, EngineName } from '../../support/engines/engine.ts';
import { startEngine } from '../../support/engines/start-engine.ts';
import { findEngine } from '../../tools/find-engine.ts';
import { HOSTS, lack } from './lacks.ts';
import { SCENARIOS } from './scenarios.ts';

/** How often in a run an engine may end under a scenario: more is no chance. */
const LOSSES = 2;

/**
 * Every scenario on every host of this engine: one run of the browser for all, and an origin of its own for each. What is
 * skipped says why; the table of all engines comes at the end of the test run.
 */
export function acceptance(name: EngineName): void {
  let engine: Engine | undefined;
  let missing: string | undefined;
  let programs: readonly string[] = [];
  let losses = 0;

  beforeAll(async () => {
    const found = await findEngine(name);
    if ('missing' in found) missing = `${name}: ${found.missing}`;
    else {
      programs = found.programs;
      engine = await startEngine(name, programs);
    }
  });
  afterAll(() => engine?.close());

  describe.each(Object.entries(HOSTS))('%s', (host, { paths, prepare }) => {
    for (const { title, needs, world, run } of SCENARIOS) {
      it(title, async ({ skip }) => {
        const reason = missing ?? lack(name, host, needs);
        if (reason || !engine) return skip(reason);
        let isLost = false;
        const opened = await EngineWorld.in(engine, { ...world, paths: { ...world.paths, ...paths }, host });
        try {
          await prepare?.(opened);
          await run(opened);
          expect(opened.complaints).toEqual([]);
        } catch (error) {
          if (await isAlive(engine)) throw error;
          isLost = true;
          await engine.close().catch(() => undefined);
          engine = await startEngine(name, programs);
          losses += 1;
          if (losses > LOSSES) throw error;
          const [what] = String(error).split('\n', 1);
          skip(`${name}: the browser ended by itself, or its driver lost it (${what})`);
        } finally {
          const closed = opened.close();
          await (isLost ? closed.catch(() => undefined) : closed);
        }
      });
    }
  });
}

/** Whether the browser is there at all: what becomes of a scenario whose browser has ended says nothing of it. */
async function isAlive(engine: Engine): Promise<boolean> {
  try {
    const tab = await engine.open('about:blank');
    await tab.close();
    return true;
  } catch {
    return false;
  }
}
