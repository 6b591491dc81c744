import type { Recheck } from '../../../src/server/admission/rechecks.ts';
import type { World } from './world.ts';

/** Milliseconds until the application asks again what could not be told. */
const AGAIN = 1_000;

/** The application says at one of the nodes that something is to be asked again, until it is told that it was. */
export function recheck(world: World, whom: Recheck, done = () => {}): void {
  const { clock, network, story } = world;
  const { running } = network;
  const dice = world.dice.fork(`recheck ${clock.now()} ${JSON.stringify(whom)}`);
  const again = () => void clock.after(AGAIN, () => recheck(world, whom, done));
  if (running.length === 0) {
    again();
    return;
  }
  const node = dice.pick(running);
  let isDone = false;
  node.process.atDeath(() => isDone || again());
  const since = clock.now();
  node.recheck(whom).then(
    () => {
      isDone = true;
      node.settled(whom, since);
      story.tell(node.process.name, `has asked again of ${JSON.stringify(whom)}`);
      done();
    },
    () => {
      isDone = true;
      again();
    },
  );
}
