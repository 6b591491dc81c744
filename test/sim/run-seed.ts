import type { UserId } from '../../src/protocol/ids.ts';
import { asMeant } from './checks/as-meant.ts';
import { durable } from './checks/durable.ts';
import type { Ledger, PromiseName } from './checks/ledger.ts';
import { noBlockade } from './checks/no-blockade.ts';
import { noFlicker } from './checks/no-flicker.ts';
import { noGap } from './checks/no-gap.ts';
import { nothingVanishes } from './checks/nothing-vanishes.ts';
import { once } from './checks/once.ts';
import { oneCommitter } from './checks/one-committer.ts';
import { order } from './checks/order.ts';
import { sameUser } from './checks/same-user.ts';
import { sight } from './checks/sight.ts';
import { whatYouType } from './checks/what-you-type.ts';
import { whole } from './checks/whole.ts';
import { mischief } from './mischief/mischief.ts';
import { type Plan, planOf, type Step } from './plan.ts';
import { rest } from './rest.ts';
import { decide } from './world/decide.ts';
import { Device } from './world/device.ts';
import { openTab } from './world/open-tab.ts';
import { batch, share, type, work } from './world/work.ts';
import { World, type WorldOptions } from './world/world.ts';

export interface RunResult {
  readonly seed: number;
  readonly failures: readonly string[];
  readonly story: readonly string[];
  readonly hash: string;
  readonly checked: Readonly<Record<PromiseName, number>>;
  readonly counts: { readonly writes: number; readonly reads: number; readonly faults: number };
  /** How often each kind of mischief was done. */
  readonly kinds: Readonly<Record<string, number>>;
}

const watch = (ledger: Ledger) => [
  once(ledger),
  asMeant(ledger),
  order(ledger),
  durable(ledger),
  nothingVanishes(ledger),
  noGap(ledger),
  sameUser(ledger),
  oneCommitter(ledger),
  noBlockade(ledger),
  whatYouType(ledger),
  noFlicker(ledger),
  whole(ledger),
  sight(ledger),
];

/** One run of the world from a seed: some time of work and mischief, then rest, then the reckoning. `plan`: the seed's own, or a part of it. */
export async function runSeed(
  seed: number,
  options: WorldOptions = {},
  plan: Plan = planOf(seed),
): Promise<RunResult> {
  const world = new World(seed, watch, options);
  const { story, ledger } = world;
  const unhandled = (reason: unknown) =>
    ledger.check(
      'sound',
      false,
      () => `unhandled: ${reason instanceof Error ? reason.stack : String(reason)}`,
    );
  process.on('unhandledRejection', unhandled);
  try {
    await trouble(world, plan);
    if (ledger.failures.length === 0) await rest(world);
  } catch (error) {
    ledger.check('sound', false, () => `thrown: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    process.off('unhandledRejection', unhandled);
  }
  const { failures, checked } = ledger;
  const { counts, kinds } = world;
  return { seed, failures, story: story.lines, hash: story.hash, checked, counts, kinds };
}

async function trouble(world: World, { nodes, hasShares, devices, steps, end }: Plan): Promise<void> {
  const { clock, ledger } = world;
  world.nodes = nodes;
  world.hasShares = hasShares;
  world.startServers();
  for (const { name, user } of devices) world.devices.push(new Device(world, name, user as UserId));
  const start = clock.now();
  for (const step of steps) clock.after(step.at, () => ledger.failures.length > 0 || take(world, step));
  while (clock.now() < start + end && ledger.failures.length === 0) {
    await clock.advance(Math.min(500, start + end - clock.now()));
    world.observer.passed(world);
  }
}

function take(world: World, { n, act, device: index }: Step): void {
  const { tabs, counts, kinds } = world;
  const dice = world.dice.fork(`step ${n}`);
  const device = world.devices[index ?? 0];
  const running = tabs.filter((tab) => tab.process.running);
  const tab = running.length > 0 ? dice.pick(running) : undefined;
  if (act === 'open' && device) openTab(world, device);
  else if (act === 'work' && tab) counts[work(tab, dice) === 'read' ? 'reads' : 'writes'] += 1;
  else if (act === 'share' && tab) {
    counts.writes += 1;
    share(tab, dice);
  } else if (act === 'batch' && tab) counts.writes += batch(tab, dice);
  else if (act === 'type' && tab) type(tab, dice);
  else if (act === 'decide' && tab) decide(tab, dice);
  else {
    const { faults } = counts;
    mischief(act, { world, tabs, dice, open: (there) => openTab(world, there) });
    if (counts.faults > faults) kinds[act] = (kinds[act] ?? 0) + 1;
  }
}
