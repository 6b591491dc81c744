import type { Dice } from '../../support/dice.ts';
import type { ServerNode } from '../world/server-node.ts';
import type { Place } from './place.ts';

/** Where there is one node, no dice are thrown. */
const oneOf = (nodes: readonly ServerNode[], dice: Dice) => (nodes.length > 1 ? dice.pick(nodes) : nodes[0]);

export const SERVER_MISCHIEF = {
  restart({ world, dice }: Place): void {
    const ms = dice.int(5, 6_000);
    const server = oneOf(world.network.running, dice);
    world.fault(server?.process.name ?? 'server', `dies, to be back after ${ms} ms`);
    server?.kill();
    world.clock.after(ms, () => world.startServers());
  },
  anotherDatabase({ world, dice }: Place): void {
    if (dice.chance(0.7)) return;
    world.fault('server', 'dies, to be back with an empty database');
    world.network.killServers();
    world.loseDatabase();
    world.clock.after(dice.int(5, 3_000), () => world.startServers());
  },
  restore({ world, dice }: Place): void {
    if (dice.chance(0.5)) return;
    world.fault('server', 'has a backup made, and will be given it');
    const bringBack = world.backup();
    world.clock.after(dice.int(500, 8_000), () => {
      world.story.tell('server', '! dies, to be back with its database restored from a backup');
      world.network.killServers();
      bringBack();
      world.clock.after(dice.int(5, 3_000), () => world.startServers());
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
  shortTokens({ world, dice }: Place): void {
    const [ms, life] = [dice.int(500, 8_000), dice.int(50, 3_000)];
    world.fault('server', `takes tokens for ${life} ms, whoever comes within ${ms} ms`);
    world.faults.tokenLife = life;
    world.clock.after(ms, () => {
      world.faults.tokenLife = Number.POSITIVE_INFINITY;
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
    const server = oneOf(world.network.running, dice);
    server?.process.enter(() => void server.lists.publish(change).catch(() => undefined));
  },
  trim({ world, dice }: Place): void {
    const changes = dice.int(0, 4);
    world.fault('server', `keeps but ${changes} changes a topic`);
    world.trim(changes);
  },
};
