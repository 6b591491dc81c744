import type { Place } from './place.ts';

/** What can go wrong only where there are several nodes. */
export const NODE_MISCHIEF = {
  partition({ world, dice }: Place): void {
    const { running } = world.network;
    if (running.length === 0) return;
    const { process } = dice.pick(running);
    const ms = dice.int(300, 15_000);
    world.fault(process.name, `does not reach the other nodes for ${ms} ms`);
    world.broker.apart.add(process);
    world.clock.after(ms, () => world.broker.apart.delete(process));
  },
  brokerDies({ world, dice }: Place): void {
    const ms = dice.int(200, 10_000);
    world.fault('broker', `dies, to be back after ${ms} ms`);
    world.broker.apart.add('all');
    world.clock.after(ms, () => world.broker.apart.delete('all'));
  },
  nodeFreezes({ world, dice }: Place): void {
    const { running } = world.network;
    if (running.length === 0) return;
    const { process } = dice.pick(running);
    const ms = dice.int(100, 8_000);
    world.fault(process.name, `stands still for ${ms} ms`);
    process.freeze();
    world.clock.after(ms, () => process.thaw());
  },
};
