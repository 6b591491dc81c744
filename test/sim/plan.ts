import { type Dice, dice } from '../support/dice.ts';
import { AMONG_NODES, AMONG_SHARES, LATER, MISCHIEF, RESTORES } from './mischief/mischief.ts';

/** One thing that somebody does or that goes wrong, at an instant of the run. Each has dice of its own, named by `n`: leaving others out changes none of its throws. */
export interface Step {
  readonly n: number;
  /** Milliseconds since the start. */
  readonly at: number;
  /** `open`: a tab of the device; else what a tab's user does, or the name of a mischief. */
  readonly act: string;
  readonly device?: number;
}

/** What a run will do, all of it drawn from the seed before it begins, so that it can be replayed with steps left out. */
export interface Plan {
  /** Nodes over the one database. */
  readonly nodes: number;
  /** Whether there is a topic of which not everybody sees all. */
  readonly hasShares: boolean;
  readonly devices: readonly { readonly name: string; readonly user: string }[];
  /** In the order of time. */
  readonly steps: readonly Step[];
  /** When the trouble ends, in milliseconds. */
  readonly end: number;
}

const DEVICES = [
  { name: 'A', user: 'ann' },
  { name: 'B', user: 'bob' },
  { name: 'C', user: 'ann' },
];

/** How often each thing is done by a tab's user, against the others. */
const ACTS: readonly (readonly [act: string, weight: number])[] = [
  ['work', 20],
  ['type', 4],
  ['decide', 4],
];

/** Every second run has several nodes. */
function nodesOf(seed: number): number {
  const plan = dice(seed).fork('nodes');
  return plan.chance(0.5) ? plan.int(2, 3) : 1;
}

/** Every second run has shares. */
const hasSharesOf = (seed: number): boolean => dice(seed).fork('has shares').chance(0.5);

/** `nodes` and `hasShares`: where it is not for the seed to say. With one node a seed's plan is what it was before there were several. */
export function planOf(
  seed: number,
  nodes: number = nodesOf(seed),
  hasShares: boolean = hasSharesOf(seed),
): Plan {
  const plan = dice(seed).fork('plan');
  const devices = plan.chance(0.5) ? DEVICES : DEVICES.slice(0, 2);
  const first: Omit<Step, 'n'>[] = [];
  for (const device of devices.keys())
    for (let n = plan.int(1, 3); n > 0; n--) first.push({ at: 0, act: 'open', device });
  // Each run has its own kinds of trouble, so that some runs are all restarts, some all lost answers, some quiet.
  const kinds = MISCHIEF.filter(() => plan.chance(0.5));
  const acts = ACTS.flatMap(([act, weight]) => Array<string>(weight).fill(act));
  const end = plan.int(5_000, 30_000);
  const often = (pace: number, from: readonly string[]) => {
    for (let at = plan.int(1, 2 * pace); at < end && from.length > 0; at += plan.int(1, 2 * pace))
      first.push({ at, act: plan.pick(from) });
  };
  often(plan.int(60, 1_200), acts);
  often(plan.int(200, 4_000), kinds);
  const inTime = first.sort((a, b) => a.at - b.at).map((step, n) => ({ n, ...step }));
  // A server that has lost its database gives its ids once more: what a batch named is not to be told apart then.
  const isNamed = !kinds.some((kind) => kind === 'anotherDatabase');
  const some = isNamed ? withBatches(seed, inTime, end) : inTime;
  const all = nodes > 1 ? amongNodes(seed, some, end) : some;
  const before = hasShares ? amongShares(seed, all, end) : all;
  const steps = withRestores(seed, withLater(seed, before, end), end);
  return { nodes, hasShares, devices, steps, end };
}

/** In every second run batches, too. The other steps and their throws are the same with them and without. */
function withBatches(seed: number, steps: readonly Step[], end: number): Step[] {
  const plan = dice(seed).fork('batches');
  return plan.chance(0.5) ? among(steps, plan, plan.int(300, 4_000), end, ['batch']) : [...steps];
}

/** What goes wrong between nodes; the other steps are the same. */
function amongNodes(seed: number, steps: readonly Step[], end: number): Step[] {
  const plan = dice(seed).fork('among nodes');
  const kinds = AMONG_NODES.filter(() => plan.chance(0.6));
  return kinds.length > 0 ? among(steps, plan, plan.int(500, 5_000), end, kinds) : [...steps];
}

/** What is done with shares, and who may see them; the other steps are the same. */
function amongShares(seed: number, steps: readonly Step[], end: number): Step[] {
  const plan = dice(seed).fork('shares');
  const kinds = AMONG_SHARES.filter(() => plan.chance(0.8));
  const some = among(steps, plan, plan.int(100, 1_500), end, ['share']);
  return kinds.length > 0 ? among(some, plan, plan.int(500, 6_000), end, kinds) : some;
}

/** What came to the world late, each in every fourth run; the other steps are the same. */
function withLater(seed: number, steps: readonly Step[], end: number): Step[] {
  const plan = dice(seed).fork('later');
  const kinds = LATER.filter((kind) => plan.fork(kind).chance(0.25));
  return kinds.length > 0 ? among(steps, plan, plan.int(1_000, 8_000), end, kinds) : [...steps];
}

/** In every fourth run the server's database comes back from a backup; the other steps are the same. */
function withRestores(seed: number, steps: readonly Step[], end: number): Step[] {
  const plan = dice(seed).fork('restores');
  return plan.chance(0.25) ? among(steps, plan, plan.int(1_000, 8_000), end, RESTORES) : [...steps];
}

/** Adds acts of these kinds, every so often. */
function among(
  steps: readonly Step[],
  plan: Dice,
  pace: number,
  end: number,
  acts: readonly string[],
): Step[] {
  const more: Step[] = [];
  for (let at = plan.int(1, 2 * pace); at < end; at += plan.int(1, 2 * pace))
    more.push({
      n: steps.length + more.length,
      at,
      act: acts.length > 1 ? plan.pick(acts) : (acts[0] as string),
    });
  return [...steps, ...more].sort((a, b) => a.at - b.at);
}
