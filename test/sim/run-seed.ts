import type { UserId } from '../../src/protocol/ids.ts';
import { different } from './checks/converging.ts';
import { durable, stillThere } from './checks/durable.ts';
import type { Ledger, PromiseName } from './checks/ledger.ts';
import { noGap } from './checks/no-gap.ts';
import { nothingVanishes } from './checks/nothing-vanishes.ts';
import { once } from './checks/once.ts';
import { oneCommitter } from './checks/one-committer.ts';
import { order } from './checks/order.ts';
import { sameUser } from './checks/same-user.ts';
import { decide, giveUp } from './world/decide.ts';
import { Device } from './world/device.ts';
import { heal, MISCHIEF, type MischiefName, mischief } from './world/mischief.ts';
import { openTab } from './world/open-tab.ts';
import type { SimTab } from './world/sim-tab.ts';
import { work } from './world/work.ts';
import { World, type WorldOptions } from './world/world.ts';

export interface RunResult {
  readonly seed: number;
  readonly failures: readonly string[];
  readonly story: readonly string[];
  readonly hash: string;
  readonly checked: Readonly<Record<PromiseName, number>>;
  readonly counts: { readonly writes: number; readonly reads: number; readonly faults: number };
}

const watch = (ledger: Ledger) => [
  once(ledger),
  order(ledger),
  durable(ledger),
  nothingVanishes(ledger),
  noGap(ledger),
  sameUser(ledger),
  oneCommitter(ledger),
];

/** How long the world may take to come to rest once everything works again, in virtual milliseconds. */
const REST = 240_000;

/** One run of the world from a seed: some time of work and mischief, then rest, then the reckoning. */
export async function runSeed(seed: number, options: WorldOptions = {}): Promise<RunResult> {
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
    const tabs = await trouble(world);
    if (ledger.failures.length === 0) await rest(world, tabs);
  } catch (error) {
    ledger.check('sound', false, () => `thrown: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    process.off('unhandledRejection', unhandled);
  }
  const { failures, checked } = ledger;
  return { seed, failures, story: story.lines, hash: story.hash, checked, counts: world.counts };
}

async function trouble(world: World): Promise<SimTab[]> {
  const dice = world.dice.fork('plan');
  world.startServer();
  for (const [name, user] of [
    ['A', 'ann'],
    ['B', 'bob'],
    ['C', 'ann'],
  ] as const) {
    if (name !== 'C' || dice.chance(0.5)) world.devices.push(new Device(world, name, user as UserId));
  }
  const tabs: SimTab[] = [];
  const open = (device: Device) => {
    tabs.push(openTab(world, device, tabs.filter((tab) => tab.device === device).length + 1));
  };
  for (const device of world.devices) for (let n = dice.int(1, 3); n > 0; n--) open(device);

  // Each run has its own kinds of trouble, so that some runs are all restarts, some all lost answers, some quiet.
  const kinds: MischiefName[] = MISCHIEF.filter(() => dice.chance(0.5));
  const calm = dice.int(200, 4_000);
  const pace = dice.int(60, 1_200);
  const end = world.clock.now() + dice.int(5_000, 30_000);
  let over = false;
  const next = () => {
    if (over) return;
    world.clock.after(dice.int(1, 2 * pace), () => {
      const tab = dice.pick(tabs);
      if (!over && tab.process.running) world.counts[work(tab) === 'read' ? 'reads' : 'writes'] += 1;
      next();
    });
  };
  const worse = () => {
    if (over || kinds.length === 0) return;
    world.clock.after(dice.int(1, 2 * calm), () => {
      if (!over) mischief(dice.pick(kinds), { world, tabs, dice, open });
      worse();
    });
  };
  next();
  worse();
  while (world.clock.now() < end && world.ledger.failures.length === 0) {
    await world.clock.advance(500);
    for (const tab of tabs) if (tab.process.running && dice.chance(0.15)) decide(tab);
  }
  over = true;
  return tabs;
}

async function rest(world: World, tabs: SimTab[]): Promise<void> {
  const { story, ledger, clock } = world;
  story.tell('world', 'everything works again');
  heal(world, tabs);
  for (const device of world.devices)
    if (!tabs.some((tab) => tab.device === device && !tab.process.dead))
      tabs.push(openTab(world, device, 99));
  const alive = tabs.filter((tab) => !tab.process.dead);
  const end = clock.now() + REST;
  let agreed = 0;
  // It has to stay equal for a while: what is still on its way must not change it.
  while (clock.now() < end && agreed < 4 && ledger.failures.length === 0) {
    await clock.advance(2_500);
    for (const tab of alive) giveUp(tab);
    agreed = different(world, alive).length === 0 ? agreed + 1 : 0;
  }
  if (ledger.failures.length > 0) return;
  for (const text of different(world, alive)) ledger.check('P4', false, () => text);
  for (const tab of alive)
    for (const asked of tab.asked)
      ledger.check('settled', asked.answers === 1, () => `${tab.name} never got an answer: ${asked.what}`);
  stillThere(ledger, (device, id) =>
    world.devices.some(
      ({ name, disk }) =>
        name === device && [...disk.rows.outbox.values()].some((row) => row.mutation.id === id),
    ),
  );
}
