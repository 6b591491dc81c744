import type { Place } from './place.ts';

export const HUB_MISCHIEF = {
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
  disk({ world, dice }: Place): void {
    const ms = dice.int(200, 4_000);
    world.fault('disks', `fail now and then for ${ms} ms`);
    world.faults.disk = 0.4;
    world.clock.after(ms, () => {
      world.faults.disk = 0;
    });
  },
};
