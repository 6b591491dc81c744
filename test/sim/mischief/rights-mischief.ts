import { recheck } from '../world/recheck.ts';
import { ROLES, SHARES } from '../world/rights.ts';
import { fetchShares } from '../world/work.ts';
import type { Place } from './place.ts';

/** What is done only where there are shares, of which not everybody sees all. */
export const RIGHTS_MISCHIEF = {
  role({ world, dice }: Place): void {
    const { user } = dice.pick(world.devices);
    const role = dice.pick(ROLES);
    const whom = dice.pick([{ user }, { user, topic: SHARES }, { topic: SHARES }, {}]);
    world.fault('application', `makes ${user} a ${role}, and asks again of ${JSON.stringify(whom)}`);
    const hadNone = world.rights.role(user) === 'nobody';
    world.rights.give(user, role, world.clock.now());
    recheck(world, whom, () => {
      for (const tab of world.tabs)
        if (hadNone && tab.device.user === user && tab.process.running) fetchShares(tab);
    });
  },
  publishShare({ world, dice }: Place): void {
    const record = dice.pick(['k1', 'k2', 'k3']);
    const gone = dice.chance(0.3);
    const n = dice.int(0, 999);
    const node = world.network.running.length > 0 ? dice.pick(world.network.running) : undefined;
    world.fault('server', `publishes the share ${record} ${gone ? 'gone' : n}`);
    const change = gone ? ({ record, deleted: true } as const) : { record, set: { n } };
    node?.process.enter(() => void node.shares.publish(change).catch(() => undefined));
  },
};
