import { expect, it, vi } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { openPage } from './support/page.ts';

async function saved(persist: () => Promise<boolean>) {
  const page = await openPage({ persist });
  const task = new (page.backbone.Model.extend({ urlRoot: '/tasks' }))({ title: 'A' });
  task.save();
  await settle();
  page.hub.applied(page.hub.mutation(0));
  await settle();
  return { ...page, task };
}

it('[SF16] asks the browser to keep what is stored at the first queued write, and once', async () => {
  const persist = vi.fn(async () => true);
  const { hub, task, medulla } = await saved(persist);
  expect([persist.mock.calls.length, medulla.status.get('persisted')]).toEqual([0, undefined]);
  task.save({ title: 'B' });
  await settle();
  hub.queued(hub.mutation(1));
  await settle();
  task.save({ title: 'C' });
  await settle();
  hub.queued(hub.mutation(2));
  await settle();
  expect([persist.mock.calls.length, medulla.status.get('persisted')]).toEqual([1, true]);
});

it.each([
  ['rejects', () => Promise.reject(new Error('no'))],
  ['is not there', undefined],
])('[SF16] goes on where the question %s', async (_how, persist) => {
  const { hub, task, medulla, reported } = await saved(persist as () => Promise<boolean>);
  task.save({ title: 'B' });
  await settle();
  hub.queued(hub.mutation(1));
  await settle();
  expect([medulla.status.get('persisted') ?? false, reported]).toEqual([false, []]);
});

it('[SF17] says that nothing is durable where no hub can be had, until there is one', async () => {
  const host = new HostDouble();
  const { clock, medulla } = await openPage({ host });
  expect(medulla.status.attributes).toMatchObject({ durable: false, durableReason: 'no-hub' });
  host.add(new HubDouble());
  await clock.advance(60_000);
  expect(medulla.status.attributes).toMatchObject({ durable: true, durableReason: null });
});
