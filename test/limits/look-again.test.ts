import { expect, it } from 'vitest';
import { type Reader, Readers } from '../../src/server/limits/readers.ts';
import { SLOW, SocketPeer } from '../../src/server/node/socket-peer.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';

/** A reader of whom one says what waits for it, and which hears what it is to do. */
function reader(failing = 0) {
  const heard: string[] = [];
  let left = failing;
  const it: Reader & { waits: number } = {
    waits: 0,
    unread: () => it.waits,
    pause: () => void heard.push('pause'),
    async resume() {
      heard.push('resume');
      if (left-- > 0) throw new Error('the store is away');
    },
  };
  return { it, heard };
}

it('[LI14] leaves a connection out once more waits for it than may, and takes it in once it has read most of that', async () => {
  const clock = new VirtualClock();
  const readers = new Readers(clock, 1_000);
  const { it, heard } = reader();
  readers.add(it);
  it.waits = 1_001;
  readers.told(251);
  expect(heard).toEqual(['pause']);
  expect([
    readers.tells(it, 'changes', {}),
    readers.tells(it, 'message', {}),
    readers.tells(it, 'denied', {}),
  ]).toEqual([false, false, true]);
  it.waits = 300;
  await clock.advance(1_000);
  expect(heard).toEqual(['pause']);
  it.waits = 250;
  await clock.advance(100);
  expect(heard).toEqual(['pause', 'resume']);
  expect(readers.tells(it, 'changes', {})).toBe(true);
});

it('[LI14] looks at nobody for as long as little is told, and at once where it was much', async () => {
  const clock = new VirtualClock();
  const readers = new Readers(clock, 1_000);
  const { it, heard } = reader();
  let looks = 0;
  const { unread } = it;
  it.unread = () => {
    looks++;
    return unread();
  };
  readers.add(it);
  it.waits = 1_001;
  for (let n = 0; n < 25; n++) {
    readers.told(10);
    await clock.advance(1_000);
  }
  expect(looks).toBe(0);
  readers.told(1);
  expect([looks, heard]).toEqual([1, ['pause']]);
});

it('[LI15] tries again to say where things stand', async () => {
  const clock = new VirtualClock();
  const readers = new Readers(clock, 1_000);
  const { it, heard } = reader(2);
  readers.add(it);
  it.waits = 2_000;
  readers.told(1_000);
  it.waits = 0;
  await clock.advance(1_000);
  expect(heard).toEqual(['pause', 'resume', 'pause', 'resume', 'pause', 'resume']);
});

it('[LI15] leaves a connection out again where it cannot be said where things stand, unless it is gone', async () => {
  const clock = new VirtualClock();
  const readers = new Readers(clock, 1_000);
  const places = new Set<string>();
  const conn = { writeBuffer: [{ data: 'x'.repeat(1_001) }] };
  const socket = {
    conn,
    join: (place: string) => void places.add(place),
    leave: (place: string) => void places.delete(place),
    emit: () => undefined,
    to: () => ({ except: () => socket }),
  };
  const peer = new SocketPeer(socket, readers, async () => undefined);
  const asked: (() => void)[] = [];
  const stand = () =>
    new Promise<void>((_resolve, reject) => void asked.push(() => reject(new Error('away'))));
  peer.session = { stand };
  readers.told(1_000);
  expect([...places]).toEqual([SLOW]);
  conn.writeBuffer = [];
  await clock.advance(100);
  expect([...places]).toEqual([]);
  asked[0]?.();
  await clock.advance(50);
  expect([...places]).toEqual([SLOW]);
  await clock.advance(100);
  expect(asked.length).toBe(2);
  peer.ended();
  asked[1]?.();
  await clock.advance(200);
  expect([...places]).toEqual([]);
});

it('[LI16] lets those who wait go on one after the other, and all where it is gone', async () => {
  const clock = new VirtualClock();
  const readers = new Readers(clock, 1_000);
  const { it } = reader();
  readers.add(it);
  expect(readers.room(it)).toBe(null);
  it.waits = 2_000;
  const went: number[] = [];
  for (const n of [1, 2, 3]) void readers.room(it)?.then(() => went.push(n));
  await clock.advance(1_000);
  expect(went).toEqual([]);
  it.waits = 0;
  await clock.advance(100);
  expect(went).toEqual([1]);
  readers.end(it);
  await clock.advance(0);
  expect(went).toEqual([1, 2, 3]);
  expect(readers.room(it)).toBe(null);
});
