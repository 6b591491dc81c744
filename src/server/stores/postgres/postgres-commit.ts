import type { Clock } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import type { Epoch } from '../../../protocol/ids.ts';
import { CommitRun } from '../../commit/commit-run.ts';
import { commitWrites } from '../../commit/commit-writes.ts';
import { unitsOf } from '../../commit/units-of.ts';
import type { StoreOutcome, StoreWrite } from '../../store.ts';
import { again } from '../again.ts';
import type { CommitRows } from './commit-rows.ts';
import { CommitSheet } from './commit-sheet.ts';
import type { Ask, Connections } from './connections.ts';
import { failureOf } from './failure-of.ts';
import { load, lockHeads } from './load-sheet.ts';
import { MARK, WRITE } from './postgres-statements.ts';

/** One call of the store's `commit`. */
export interface Work {
  readonly writes: readonly StoreWrite[];
  readonly at: number;
}

/** What a transaction is made with. `begin` is the statement that begins it. */
export interface CommitParts {
  readonly connections: Connections;
  readonly clock: Clock;
  readonly random: Random;
  readonly epoch: Epoch;
  readonly begin: string;
  /** Hears of the numbers of receipts. */
  readonly numbered: (newest: number) => void;
}

type Outcomes = readonly (readonly StoreOutcome[])[];

/** The word on a COMMIT never came: it is done, or it is not. */
class Unanswered extends Error {
  readonly outcomes: Outcomes;
  readonly proof: NonNullable<CommitRows['proof']>;

  constructor(outcomes: Outcomes, proof: NonNullable<CommitRows['proof']>, cause: unknown) {
    super('The database has not said whether it has committed.', { cause });
    this.outcomes = outcomes;
    this.proof = proof;
  }
}

/** How often a transaction is tried; `unanswered`: once nobody knows how one of its tries has ended. */
const TRIES = { again: 8, busy: 1, gone: 3, refused: 1, unanswered: 8 } as const;

/** All of it in one transaction; where that cannot be done, each unit in one of its own, so that what is poison fails alone. */
export async function commitWorks(parts: CommitParts, works: readonly Work[]): Promise<Outcomes> {
  try {
    return await commitRuns(parts, works, () => works.map(() => new CommitRun()));
  } catch (error) {
    if (failureOf(error) !== 'refused') throw error;
  }
  const outcomes: StoreOutcome[][] = [];
  for (const work of works) outcomes.push(await commitCarefully(parts, work));
  return outcomes;
}

async function commitCarefully(parts: CommitParts, { writes, at }: Work): Promise<StoreOutcome[]> {
  const outcomes: StoreOutcome[] = [];
  let run = new CommitRun();
  for (const unit of unitsOf(writes)) {
    let trial = run;
    try {
      const [made] = await commitRuns(parts, [{ writes: unit, at }], () => {
        trial = run.copy();
        return [trial];
      });
      outcomes.push(...(made ?? []));
      run = trial;
    } catch (error) {
      if (failureOf(error) !== 'refused') throw error;
      outcomes.push(...unit.map((write) => run.fail(write, error)));
    }
  }
  return outcomes;
}

/** Tries it until it is done, or will not be. `runs` gives what each try begins with. */
function commitRuns(
  parts: CommitParts,
  works: readonly Work[],
  runs: () => readonly CommitRun[],
): Promise<Outcomes> {
  let unanswered: Unanswered | undefined;
  let isLent = false;
  const tries = (error: unknown) => {
    if (error instanceof Unanswered) unanswered = error;
    const failure = failureOf(error);
    if (unanswered && failure !== 'refused') return TRIES.unanswered;
    // Without a connection at all there is nothing to wait for here: whoever sent it comes again.
    return failure === 'gone' && !isLent ? 1 : TRIES[failure];
  };
  return again(parts, tries, () => {
    isLent = false;
    return parts.connections.use((ask) => {
      isLent = true;
      return transaction(parts, ask, works, runs(), unanswered);
    });
  });
}

async function transaction(
  { epoch, random, begin, numbered }: CommitParts,
  ask: Ask,
  works: readonly Work[],
  runs: readonly CommitRun[],
  unanswered: Unanswered | undefined,
): Promise<Outcomes> {
  const writes = works.flatMap((work) => work.writes);
  const topics = [...new Set(writes.map(({ topic }) => topic))];
  let outcomes: Outcomes;
  let rows: CommitRows;
  let newest: [string | null] | undefined;
  try {
    const heads = await lockHeads(ask, begin, topics);
    // With the heads locked the earlier try is over, whichever way.
    if (unanswered && (await isDone(ask, unanswered))) {
      await ask('ROLLBACK');
      return unanswered.outcomes;
    }
    const sheet = new CommitSheet(await load(ask, heads, writes, epoch), random);
    outcomes = works.map(({ writes, at }, index) =>
      commitWrites(runs[index] ?? new CommitRun(), writes, sheet.ledger(at)),
    );
    ({ rows } = sheet);
    if (!rows.isEmpty) [newest] = await ask<[string | null]>(WRITE, rows.values);
  } catch (error) {
    // Over a connection that is gone, the database does that by itself.
    await ask('ROLLBACK').catch(() => undefined);
    throw error;
  }
  try {
    await ask('COMMIT');
  } catch (error) {
    const { proof } = rows;
    throw proof && failureOf(error) === 'gone' ? new Unanswered(outcomes, proof, error) : error;
  }
  if (newest?.[0]) numbered(Number(newest[0]));
  return outcomes;
}

async function isDone(ask: Ask, { proof }: Unanswered): Promise<boolean> {
  const [row] = await ask<[string]>(MARK, [proof.topic, proof.offset]);
  return row?.[0] === proof.mark;
}
