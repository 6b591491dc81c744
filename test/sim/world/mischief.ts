import type { Device } from './device.ts';
import type { Dice } from './dice.ts';
import type { SimTab } from './sim-tab.ts';
import type { World } from './world.ts';

export type MischiefName = keyof typeof KINDS;

interface Place {
  readonly world: World;
  readonly tabs: SimTab[];
  readonly dice: Dice;
  open(device: Device): void;
}

/** What can go wrong, each by a throw of dice. Whatever it does is undone later by itself, or by `heal`. */
const KINDS = {
  cut({ world, dice }: Place): void {
    const links = [...world.network.links];
    if (links.length === 0) return;
    const link = dice.pick(links);
    world.fault(link.hub.name, 'its link is cut');
    link.cut('cut', dice.int(0, 800), dice.chance(0.5) ? dice.int(0, 800) : dice.int(1_000, 40_000));
  },
  mute({ world, dice }: Place): void {
    const links = [...world.network.links];
    if (links.length === 0) return;
    const link = dice.pick(links);
    const direction = dice.pick(['up', 'down'] as const);
    world.fault(link.hub.name, `its link goes silent ${direction}wards`);
    link.mute(direction, dice.int(2_000, 45_000));
  },
  offline({ world, dice }: Place): void {
    const device = dice.pick(world.devices);
    const reach = dice.pick(['fails', 'swallows'] as const);
    const ms = dice.int(300, 12_000);
    world.fault(
      device.name,
      `is offline for ${ms} ms (an attempt ${reach === 'fails' ? 'fails' : 'gets no answer'})`,
    );
    world.network.setReach(device.name, reach);
    for (const link of world.network.linksOf(device.name))
      link.cut('offline', dice.int(0, 3_000), dice.int(0, 40_000));
    world.clock.after(ms, () => world.network.setReach(device.name, 'good'));
  },
  loseAnswers({ world, dice }: Place): void {
    const ms = dice.int(500, 5_000);
    world.fault('network', `loses answers to pushes for ${ms} ms`);
    world.network.loseAnswers = 0.5;
    world.clock.after(ms, () => {
      world.network.loseAnswers = 0;
    });
  },
  restart({ world, dice }: Place): void {
    const ms = dice.int(5, 6_000);
    world.fault('server', `dies, to be back after ${ms} ms`);
    world.network.server?.kill();
    world.clock.after(ms, () => world.startServer());
  },
  anotherDatabase({ world, dice }: Place): void {
    if (dice.chance(0.7)) return;
    world.fault('server', 'dies, to be back with an empty database');
    world.network.server?.kill();
    world.loseDatabase();
    world.clock.after(dice.int(5, 3_000), () => world.startServer());
  },
  hubCrash({ world, dice }: Place): void {
    const device = dice.pick(world.devices);
    const run = device.current;
    if (!run || run.process.dead) return;
    world.fault(run.name, 'crashes');
    run.process.kill();
  },
  hubFreeze({ world, dice }: Place): void {
    const run = dice.pick(world.devices).current;
    if (!run?.process.running) return;
    const ms = dice.int(1_000, 40_000);
    world.fault(run.name, `is wedged for ${ms} ms`);
    run.process.freeze();
    world.clock.after(ms, () => run.process.thaw());
  },
  secondHub({ world, dice }: Place): void {
    const device = dice.pick(world.devices);
    if (!device.current) return;
    world.fault(device.name, 'gets a second hub by accident');
    device.startHub();
  },
  tabCrash({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => !tab.process.dead);
    if (alive.length < 2) return;
    const tab = dice.pick(alive);
    world.fault(tab.name, 'crashes');
    tab.crash();
  },
  tabClose({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => tab.process.running);
    if (alive.length < 2) return;
    const tab = dice.pick(alive);
    world.fault(tab.name, 'is closed');
    tab.close();
  },
  tabSleep({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => tab.process.running);
    if (alive.length === 0) return;
    const tab = dice.pick(alive);
    const ms = dice.int(100, 20_000);
    world.fault(tab.name, `is put to sleep for ${ms} ms`);
    tab.sleep(ms);
  },
  tabFreeze({ world, tabs, dice }: Place): void {
    const alive = tabs.filter((tab) => tab.process.running);
    if (alive.length === 0) return;
    const tab = dice.pick(alive);
    const ms = dice.int(500, 30_000);
    world.fault(tab.name, `is frozen for ${ms} ms`);
    tab.process.freeze();
    world.clock.after(ms, () => tab.process.thaw());
  },
  disk({ world, dice }: Place): void {
    const ms = dice.int(200, 4_000);
    world.fault('disks', `fail now and then for ${ms} ms`);
    world.faults.disk = 0.4;
    world.clock.after(ms, () => {
      world.faults.disk = 0;
    });
  },
  unauthorized({ world, dice }: Place): void {
    const ms = dice.int(200, 8_000);
    world.fault('server', `knows nobody for ${ms} ms`);
    world.faults.unauthorized = true;
    world.clock.after(ms, () => {
      world.faults.unauthorized = false;
    });
  },
  application({ world, dice }: Place): void {
    const ms = dice.int(200, 6_000);
    world.fault('server', `has an application that throws now and then, for ${ms} ms`);
    world.faults.application = 0.3;
    world.clock.after(ms, () => {
      world.faults.application = 0;
    });
  },
  publish({ world, dice }: Place): void {
    const record = dice.pick(['k1', 'k2', 'p1']);
    const gone = dice.chance(0.3);
    world.fault('server', `publishes ${record}${gone ? ' gone' : ''}`);
    const change = gone
      ? ({ record, deleted: true } as const)
      : { record, set: { title: `published ${dice.int(0, 99)}` } };
    const { server } = world.network;
    server?.process.enter(() => void server.lists.publish(change).catch(() => undefined));
  },
  trim({ world, dice }: Place): void {
    const changes = dice.int(0, 4);
    world.fault('server', `keeps but ${changes} changes a topic`);
    world.trim(changes);
  },
  openTab({ world, tabs, dice, open }: Place): void {
    const device = dice.pick(world.devices);
    if (tabs.filter((tab) => tab.device === device && !tab.process.dead).length < 3) open(device);
  },
};

export const MISCHIEF = Object.keys(KINDS) as MischiefName[];

export function mischief(name: MischiefName, place: Place): void {
  KINDS[name](place);
}

/** Everything works again from now on. Hubs and tabs that are dead stay dead. */
export function heal(world: World, tabs: readonly SimTab[]): void {
  world.network.loseAnswers = 0;
  world.faults.disk = 0;
  world.faults.application = 0;
  world.faults.unauthorized = false;
  if (!world.network.server?.process.running) world.startServer();
  for (const device of world.devices) {
    world.network.setReach(device.name, 'good');
    for (const run of device.hubs) run.process.thaw();
  }
  for (const tab of tabs) tab.wake();
}
