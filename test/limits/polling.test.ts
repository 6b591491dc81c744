import { afterEach, expect, it } from 'vitest';
import { Poller } from '../support/poller.ts';
import { UnixWorld } from './unix-world.ts';

const KB = 1_000;
const FOLLOW = '{"topics":[{"topic":"/tasks","cursor":null,"live":true}]}';

let world: UnixWorld;
afterEach(() => world.end());

async function follower(): Promise<Poller> {
  const poller = await Poller.join({ socketPath: world.file });
  await poller.say(`42/medulla,0["follow",${FOLLOW}]`);
  for (let heard = ''; !heard.includes('"snapshot"'); ) heard = await poller.poll();
  return poller;
}

/** Asks for what there is to hear, and reads nothing of the answer. */
async function pollBlindly(poller: Poller): Promise<void> {
  const response = await poller.ask('GET');
  response.on('error', () => undefined);
}

it('[LI14] keeps one answer for who polls and does not read: who polls again then is cut off', async () => {
  world = await UnixWorld.start(3_000 * KB);
  const poller = await follower();
  let most = 0;
  const publish = async (from: number) => {
    for (let n = from; n < from + 20; n++) most = Math.max(most, await world.publish(n, 100 * KB));
  };
  await publish(0);
  await pollBlindly(poller);
  expect(world.waiting).toBeGreaterThan(1_000 * KB);
  await publish(20);
  expect(world.waiting).toBeGreaterThan(3_000 * KB);
  const gone = new Promise((resolve) => world.medulla.on('disconnect', resolve));
  await pollBlindly(poller);
  await gone;
  await publish(40);
  expect(most).toBeLessThan(4_000 * KB);
  expect(world.unsent).toBeLessThan(2_500 * KB);
});

it('[LI14] goes on with who polls and reads, however much it was', async () => {
  world = await UnixWorld.start(3_000 * KB);
  const poller = await follower();
  for (let n = 1; n <= 100; n++) {
    await world.publish(n, 100 * KB);
    if (n % 10 === 0) expect(await poller.poll()).toContain(`["/tasks",${n - 1},`);
  }
  expect(world.medulla.sessions.size).toBe(1);
  expect(world.waiting).toBe(0);
});
