import type Backbone from 'backbone';
import type { testAjax, testMedulla } from '../../../src/testing.ts';
import { answers } from './cases/answers.ts';
import { collections } from './cases/collections.ts';
import { writes } from './cases/writes.ts';

type Copy = typeof Backbone;

/** A Backbone, and how a Medulla for it is had: of the sources in Node, of the package in a page. */
export interface Ground {
  readonly Backbone: Copy;
  /** Another copy of the same. */
  readonly another: () => Copy;
  readonly testMedulla: typeof testMedulla;
  readonly testAjax: typeof testAjax;
}

/** What is to be so, and what is; both are compared as JSON. */
export type Case = (ground: Ground) => Promise<readonly [actual: unknown, expected: unknown]>;

const cases: Readonly<Record<string, Case>> = { ...writes, ...answers, ...collections };

/** What of the contract does not hold on this ground: a line for each. */
export async function broken(ground: Ground): Promise<string[]> {
  const lines: string[] = [];
  for (const [title, run] of Object.entries(cases)) {
    try {
      const [actual, expected] = (await run(ground)).map((value) => JSON.stringify(value));
      if (actual !== expected) lines.push(`${title}: ${actual} in the place of ${expected}`);
    } catch (error) {
      lines.push(`${title}: ${error instanceof Error ? error.stack : String(error)}`);
    }
  }
  return lines;
}
