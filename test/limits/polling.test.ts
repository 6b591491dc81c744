import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { Poller } from '../support/poller.ts';
import { UnixWorld } from './unix-world.ts';

const KB = 1_000;
const HALF_A_MINUTE = 30_000;
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
async function pollBlindly(poller: Poller): Promise<IncomingMessage> {
  const response = await poller.ask('GET');
  return response.on('error', () => undefined);
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

async function readSome(answer: IncomingMessage, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const part = answer.read();
    if (part === null) await once(answer, 'readable');
    else left -= part.length;
  }
}

it('[LI14] keeps an answer of which nothing is read for half a minute, and one that is read for longer', async () => {
  world = await UnixWorld.start(3_000 * KB);
  const poller = await follower();
  for (let n = 0; n < 20; n++) await world.publish(n, 100 * KB);
  const answer = await pollBlindly(poller);
  const whole = world.waiting;
  expect(whole).toBeGreaterThan(1_000 * KB);
  // Something has gone at first, as far as the system itself keeps it.
  world.idle(HALF_A_MINUTE);
  for (let times = 0; times < 2; times++) {
    await readSome(answer, 600 * KB);
    world.idle(HALF_A_MINUTE);
    world.idle(HALF_A_MINUTE - 1);
    expect(world.waiting).toBe(whole);
  }
  const cutOff = once(answer, 'error');
  world.idle(HALF_A_MINUTE);
  expect(world.waiting).toBe(0);
  await cutOff;
  expect(world.unsent).toBe(0);
});
