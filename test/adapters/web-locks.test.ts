import { expect, it } from 'vitest';
import { type LockManagerLike, webLocks } from '../../src/hub/adapters/web-locks.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { deferred } from '../support/deferred.ts';
import { locksContract } from '../support/locks-contract.ts';

locksContract('the platform', webLocks(navigator.locks));

it('[HS1] holds a lock exclusively', async () => {
  await webLocks(navigator.locks).hold('exclusive');
  const { held = [] } = await navigator.locks.query();
  expect(held.filter((lock) => lock.name === 'exclusive')).toMatchObject([{ mode: 'exclusive' }]);
});

it('[HS2] tells nobody who has cancelled, not even when the lock was granted already', async () => {
  let told = 0;
  const granted = deferred<void>();
  const late: LockManagerLike = { request: (_name, _options, held) => granted.promise.then(held) };
  const cancel = webLocks(late).whenFree('any', () => told++);
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
