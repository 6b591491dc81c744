import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Cursor } from '../../src/protocol/change.ts';
import { unpackLive } from '../../src/protocol/live.ts';
import type { Answers } from '../../src/protocol/server-down.ts';
import { RawSocket } from './raw-socket.ts';
import { UnixWorld } from './unix-world.ts';

const KB = 1_000;

let world: UnixWorld;
afterEach(() => world.end());

const follow = (cursor: Cursor | null) =>
  JSON.stringify({ topics: [{ topic: '/tasks', cursor, live: true }] });

async function followed(raw: RawSocket, cursor: Cursor | null = null) {
  const { topics } = (await raw.ask('follow', follow(cursor))) as Answers['follow'];
  return topics[0];
}

/** What an event says, or tells of the changes after this offset. */
const begins = (from: number) => `42/medulla,["/tasks",${from},`;
const liveOf = (text: string) => unpackLive('/tasks', JSON.parse(text.slice(11)).slice(1));

it('[LI14] keeps only so much for a connection that does not read, and tells the others as before', async () => {
  world = await UnixWorld.start(500 * KB);
  const [slow, quick] = await Promise.all([RawSocket.join(world.url), RawSocket.join(world.url)]);
  await Promise.all([followed(slow), followed(quick)]);
  slow.ws.pause();
  let most = 0;
  for (let n = 1; n <= 250; n++) {
    const told = quick.next((text) => text.startsWith(begins(n - 1)));
    most = Math.max(most, await world.publish(n));
    await told;
  }
  // What one look finds, and what is told until the next.
  expect(most).toBeGreaterThan(500 * KB);
  expect(most).toBeLessThan(1_000 * KB);
});

it('[LI15] tells it where things stand once it has read, so that it asks for what it missed and gets it conflated', async () => {
  world = await UnixWorld.start(500 * KB);
  const slow = await RawSocket.join(world.url);
  const begun = await followed(slow);
  slow.ws.pause();
  for (let n = 1; n <= 250; n++) await world.publish(n);
  let offset = 0;
  slow.ws.on('message', (message) => {
    const text = String(message);
    if (text.startsWith('42/medulla,["/tasks"') && liveOf(text).from === offset) offset = liveOf(text).to;
  });
  const standing = slow.next((text) => text.startsWith(begins(250)));
  slow.ws.resume();
  const { mark } = liveOf(await standing);
  expect(liveOf(await standing)).toMatchObject({ from: 250, to: 250, entries: [] });
  expect(offset).toBeLessThan(250);
  expect(world.waiting).toBeLessThan(500 * KB);
  if (begun?.type !== 'snapshot') throw new Error('It begins with a snapshot');
  const missed = await followed(slow, { ...begun.cursor });
  expect(missed).toMatchObject({ type: 'changes', changes: { to: 250, mark } });
  expect(missed?.type === 'changes' && missed.changes.entries).toHaveLength(10);
  const next = slow.next((text) => text.startsWith(begins(250)));
  await world.publish(251, 1);
  expect(liveOf(await next)).toMatchObject({ to: 251 });
});

it('[LI16] reads no further for it than it reads: what it asks for waits', async () => {
  world = await UnixWorld.start(500 * KB);
  for (let n = 1; n <= 10; n++) await world.publish(n, 100 * KB);
  const slow = await RawSocket.join(world.url);
  const begun = await followed(slow);
  if (begun?.type !== 'snapshot') throw new Error('It begins with a snapshot');
  slow.ws.pause();
  const page = JSON.stringify({ topic: '/tasks', at: begun.cursor, after: 'r' });
  const pages = Array.from({ length: 30 }, () => slow.ask('page', page));
  const pushed = slow.ask('push', '{"user":"","mutations":[]}');
  let most = 0;
  for (let turn = 0; turn < 200; turn++) {
    await setImmediate();
    most = Math.max(most, world.waiting);
  }
  expect(most).toBeGreaterThan(500 * KB);
  // Each page has a megabyte: one filled it, and one was on its way.
  expect(most).toBeLessThan(3_000 * KB);
  slow.ws.resume();
  expect(await Promise.all(pages)).toHaveLength(30);
  expect(await pushed).toMatchObject({ receipts: [] });
}, 20_000);

it('[LI16] lets a server close that waits for one who does not read', async () => {
  world = await UnixWorld.start(100 * KB);
  for (let n = 1; n <= 10; n++) await world.publish(n, 100 * KB);
  const slow = await RawSocket.join(world.url);
  slow.ws.pause();
  for (let n = 0; n < 10; n++) slow.ws.send(`42/medulla,${n}["read",{"topic":"/tasks"}]`);
  await setImmediate();
  await world.medulla.close({ within: 1 });
});
