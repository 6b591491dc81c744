import { performance } from 'node:perf_hooks';
import { dice } from '../support/dice.ts';
import { heldBytes } from './heap.ts';
import { keptFrames } from './kept-frames.ts';
import { pristine } from './pristine.ts';
import type { Fed, Target } from './target.ts';

/** Milliseconds that one frame may take. Many times what the slowest does: only what hangs takes longer. */
const SLOW = 2_000;

/** Bytes that all frames of one world together may leave in the heap: five times what the hungriest keeps, with what it keeps on purpose. */
const KEPT = 8_000_000;

/** It is looked at in the first of so many worlds: a collection takes as long as hundreds of frames. */
const LOOKED = 5;

export interface Finding {
  readonly target: string;
  readonly problem: string;
  readonly frame: unknown;
}

export interface Outcome {
  readonly target: string;
  readonly frames: number;
  readonly milliseconds: number;
  readonly findings: readonly Finding[];
}

export interface Amount {
  readonly seed: number;
  readonly frames: number;
  /** How many findings are enough. */
  readonly most?: number;
  /** Milliseconds after which an answer is none. */
  readonly patience?: number;
}

/** Feeds a target what is kept, and then what chance makes of the same seed; every frame that is counted was fed. */
export async function runTarget(
  target: Target,
  { seed, frames, most = 5, patience = 20_000 }: Amount,
): Promise<Outcome> {
  const begun = performance.now();
  const findings: Finding[] = [];
  const polluted = pristine();
  const uncaught: unknown[] = [];
  const hear = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', hear).on('unhandledRejection', hear);
  const kept = keptFrames(target.name);
  let count = 0;
  try {
    for (let world = 0; count < frames + kept.length && findings.length < most; world++) {
      const own = dice(seed).fork(`${target.name} ${world}`);
      const fed = await target.open(own.fork('world'));
      const before = world % LOOKED === 0 ? heldBytes() : undefined;
      for (
        let left = target.each;
        left > 0 && count < frames + kept.length && findings.length < most;
        left--
      ) {
        const frame = world === 0 && count < kept.length ? kept[count] : fed.frame(own);
        count++;
        const said = fedWith(fed, frame, patience);
        const problem = (said instanceof Promise ? await said : said) ?? polluted() ?? thrown();
        if (problem) findings.push({ target: target.name, problem, frame });
      }
      await new Promise((resolve) => setImmediate(resolve));
      const hungry = before === undefined ? undefined : grownSince(before);
      const left = await fed.close?.();
      const problem = hungry ?? left ?? polluted(true) ?? thrown();
      if (problem) findings.push({ target: target.name, problem, frame: `all of world ${world}` });
    }
  } finally {
    process.off('uncaughtException', hear).off('unhandledRejection', hear);
  }
  return { target: target.name, frames: count, milliseconds: performance.now() - begun, findings };

  function thrown(): string | undefined {
    const [error] = uncaught.splice(0);
    return error === undefined ? undefined : `nobody caught ${String((error as Error)?.stack ?? error)}`;
  }
}

function grownSince(before: number): string | undefined {
  const grown = heldBytes() - before;
  return grown > KEPT ? `the heap grew by ${grown} bytes` : undefined;
}

function fedWith(
  fed: Fed,
  frame: unknown,
  patience: number,
): string | undefined | Promise<string | undefined> {
  // As it comes over a wire: what is fed may change it, and it is to be kept as it was.
  const copy: unknown = fed.looks ? frame : JSON.parse(JSON.stringify(frame ?? null));
  const begun = performance.now();
  const inTime = (said: string | undefined) => {
    const took = performance.now() - begun;
    return said ?? (took > SLOW ? `took ${took.toFixed()} ms` : undefined);
  };
  const threw = (error: unknown) => `threw ${error instanceof Error ? error.stack : String(error)}`;
  try {
    const problem = fed.feed(copy);
    return problem instanceof Promise ? orNever(problem, patience).then(inTime, threw) : inTime(problem);
  } catch (error) {
    return threw(error);
  }
}

function orNever(answer: Promise<string | undefined>, patience: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('was never answered'), patience);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
