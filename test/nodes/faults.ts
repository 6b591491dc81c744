import { setTimeout as pause } from 'node:timers/promises';
import type { Dice } from '../support/dice.ts';
import type { Cluster } from './rig/cluster.ts';

export type FaultKind = 'kill' | 'broker' | 'partition' | 'freeze';

/** Something that goes wrong, and is over when it resolves. `tell` hears what it is. */
type Fault = (cluster: Cluster, dice: Dice, tell: (what: string) => void) => Promise<void>;

export const FAULTS: Readonly<Record<FaultKind, Fault>> = {
  async kill({ nodes }, dice, tell) {
    const node = dice.pick(nodes);
    const ms = dice.int(1_000, 6_000);
    tell(`node ${node.settings.port} is killed, to be back after ${ms} ms`);
    await node.kill();
    await pause(ms);
    await node.start();
  },
  async broker({ redis, lines }, dice, tell) {
    const ms = dice.int(500, 8_000);
    tell(`the broker is ${redis ? 'killed' : 'cut off'}, to be back after ${ms} ms`);
    if (redis) await redis.kill();
    else for (const line of lines) line.cut();
    await pause(ms);
    if (redis) await redis.start();
    else for (const line of lines) await line.restore();
  },
  async partition({ lines }, dice, tell) {
    const line = dice.pick(lines);
    const ms = dice.int(1_000, 8_000);
    const isSilent = dice.chance(0.5);
    tell(`a node ${isSilent ? 'hears nothing of' : 'is cut off from'} the broker for ${ms} ms`);
    if (isSilent) line.hold('up', 'down');
    else line.cut();
    await pause(ms);
    // What was held is lost with its connection, as where a firewall has forgotten it.
    if (isSilent) line.reset();
    await line.restore();
  },
  async freeze({ nodes }, dice, tell) {
    const node = dice.pick(nodes);
    const ms = dice.int(500, 4_000);
    tell(`node ${node.settings.port} stands still for ${ms} ms`);
    node.freeze();
    await pause(ms);
    node.thaw();
  },
};
