import type { World } from '../world/world.ts';

/** Everything works again from now on. Hubs and tabs that are dead stay dead. */
export function heal(world: World): void {
  world.network.loseAnswers = 0;
  world.faults.disk = 0;
  world.faults.application = 0;
  world.faults.unauthorized = false;
  world.faults.tokenLife = Number.POSITIVE_INFINITY;
  world.broker.heal();
  for (const { process } of world.network.servers) process.thaw();
  world.startServers();
  for (const device of world.devices) {
    world.network.setReach(device.name, 'good');
    for (const run of device.hubs) {
      run.process.thaw();
      // What has no disk, or no room there, does not last: the browser is started again in the end.
      if (run.isInMemory || run.isFull) run.process.kill();
    }
  }
  for (const tab of world.tabs) tab.wake();
}
