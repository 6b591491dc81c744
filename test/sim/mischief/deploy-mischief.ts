import type { Place } from './place.ts';

export const DEPLOY_MISCHIEF = {
  /** Pages are of the next version from now on, and so is the worker that such a page starts. */
  deploy({ world, dice, open }: Place): void {
    if (dice.chance(0.5)) return;
    world.version += 1;
    world.fault('server', `serves pages of version ${world.version}`);
    open(dice.pick(world.devices));
  },
};
