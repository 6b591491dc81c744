import { expect, it } from 'vitest';
import { type LockManagerLike, webLocks } from '../../src/hub/adapters/web-locks.ts';
import { settle } from '../support/virtual-clock.ts';
import { deferred } from './deferred.ts';

let names = 0;
const freshName = () => `lock-${names++}`;
const locks = webLocks(navigator.locks);

/** Resolves once the lock falls free. */
const freed = (name: string) => new Promise<void>((resolve) => locks.whenFree(name, resolve));

/** Gets the lock in its turn, after all who wait for it now, and lets it go again. */
const turn = (name: string) => navigator.locks.request(name, () => undefined);

it('[HS1] holds a lock until it is let go, which can be repeated', async () => {
  const name = freshName();
  const release = await locks.hold(name);
  const { held = [] } = await navigator.locks.query();
  expect(held.filter((lock) => lock.name === name)).toMatchObject([{ mode: 'exclusive' }]);
  release();
  release();
  await turn(name);
});

it('[HS1] holds a lock only once whoever had it is gone', async () => {
  const name = freshName();
  const order: string[] = [];
  const release = await locks.hold(name);
  const next = locks.hold(name).then((letGo) => {
    order.push('held');
    letGo();
  });
  await settle();
  order.push('released');
  release();
  await next;
  expect(order).toEqual(['released', 'held']);
});

it('[HS2] tells all who wait, at once and each once, and only when the holder is gone', async () => {
  const name = freshName();
  const release = await locks.hold(name);
  const told: number[] = [];
  const waiting = [1, 2, 3].map((tab) => freed(name).then(() => told.push(tab)));
  await settle();
  expect(told).toEqual([]);
  release();
  await Promise.all(waiting);
  expect(told.sort()).toEqual([1, 2, 3]);
});

it('[HS2] does not keep a lock that it waited for', async () => {
  const name = freshName();
  const release = await locks.hold(name);
  const free = freed(name);
  release();
  await free;
  (await locks.hold(name))();
});

it('[HS2] tells nobody who has cancelled, not even when the lock was granted already', async () => {
  const name = freshName();
  const release = await locks.hold(name);
  let told = 0;
  const cancels = [1, 2].map(() => locks.whenFree(name, () => told++));
  cancels[0]?.();
  release();
  cancels[1]?.();
  await turn(name);
  await settle();
  expect(told).toBe(0);

  const granted = deferred<void>();
  const late: LockManagerLike = { request: (_name, _options, held) => granted.promise.then(held) };
  const cancel = webLocks(late).whenFree(name, () => told++);
  granted.resolve();
  cancel();
  await settle();
  expect(told).toBe(0);
});

it('[HS2] takes a refusal to wait for no news', async () => {
  const refusing: LockManagerLike = { request: () => Promise.reject(new DOMException('', 'SecurityError')) };
  let told = 0;
  webLocks(refusing).whenFree('any', () => told++);
  await expect(webLocks(refusing).hold('any')).rejects.toMatchObject({ name: 'SecurityError' });
  expect(told).toBe(0);
});

it('[HS2] goes on without locks where there are none: nobody is ever told', async () => {
  const none = webLocks(undefined);
  let told = 0;
  const cancel = none.whenFree('any', () => told++);
  (await none.hold('any'))();
  await settle();
  cancel();
  expect(told).toBe(0);
});
