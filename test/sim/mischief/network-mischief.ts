import type { Place } from './place.ts';

export const NETWORK_MISCHIEF = {
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
};
