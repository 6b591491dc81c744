import { afterEach, expect, it, vi } from 'vitest';
import { askForSync } from '../../src/client/hosts/ask-for-sync.ts';
import type { Lifecycle } from '../../src/client/options.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { openPage } from './support/page.ts';

afterEach(() => vi.unstubAllGlobals());

it('[BG10] asks at the first queued write, and whenever the page goes with writes pending', async () => {
  const unsent = vi.fn();
  let hide: () => void = () => undefined;
  const lifecycle: Lifecycle = {
    listen(handlers) {
      hide = handlers.hide;
    },
  };
  const { hub, backbone } = await openPage({ unsent, lifecycle });
  const task = new (backbone.Model.extend({ urlRoot: '/tasks' }))({ title: 'A' });
  task.save();
  await settle();
  hub.queued(hub.mutation(0));
  await settle();
  expect(unsent).toHaveBeenCalledTimes(1);
  hub.tell({ status: { pending: 1 } });
  await settle();
  hide();
  expect(unsent).toHaveBeenCalledTimes(2);
});

it('[BG10] registers with the service worker that there is, if it can', async () => {
  const register = vi.fn(async () => undefined);
  const at = (serviceWorker: unknown) => vi.stubGlobal('navigator', { serviceWorker });
  at({ ready: Promise.resolve({ sync: { register } }) });
  askForSync();
  await settle();
  expect(register.mock.calls).toEqual([['medulla']]);
  for (const other of [
    undefined,
    { ready: Promise.resolve({}) },
    { ready: Promise.resolve({ sync: { register: () => Promise.reject(new Error('denied')) } }) },
  ]) {
    at(other);
    askForSync();
    await settle();
  }
});
