import { expect, it } from 'vitest';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { FakePeer, sent } from '../server/support/fake-peer.ts';
import { testCore } from '../server/support/test-core.ts';
import { SharedBrowser } from '../users/shared-browser.ts';

interface Item {
  readonly attributes: { readonly state: string; readonly receipt: { readonly type: string } | null };
  retry(edit?: object): void;
}

const KEEP_LOG = () => ({ changes: 1_000, before: 0 });

function world() {
  const store = memoryStore({ random: seededRandom(2) });
  const { core } = testCore({ store });
  core.resource('/tasks', { public: true });
  return { store, core, browser: new SharedBrowser(core) };
}

it('[GU1] what the server has forgotten whether it was applied is told to its user late, kept, and applied if they try again', async () => {
  const { store, core, browser } = world();
  const { tasks, medulla } = await browser.open({ user: 'ann' });
  const errors: unknown[] = [];
  tasks.on('error', (_model, { responseJSON }, { late }) => errors.push([responseJSON.code, late]));
  const outbox = medulla.outbox as unknown as { readonly models: readonly Item[] };
  browser.network.stuck = true;
  const task = tasks.create({ title: 'one' });
  await browser.settle(4_000);
  expect(task.isNew()).toBe(false);
  browser.network.online = false;
  browser.network.stuck = false;
  const other = await FakePeer.connect(core, 'bob');
  expect(await other.types(sent('b:1', { user: 'bob', record: 'b' }))).toEqual(['applied']);
  await store.trim({ log: KEEP_LOG, receiptsBefore: Number.POSITIVE_INFINITY });
  browser.network.online = true;
  await browser.settle(40_000);
  expect(errors).toEqual([['lost', true]]);
  expect(medulla.status.get('rejected')).toBe(1);
  expect(outbox.models.map(({ attributes }) => [attributes.state, attributes.receipt?.type])).toEqual([
    ['rejected', 'lost'],
  ]);
  expect(await other.record(String(task.id))).toBeNull();
  expect([tasks.get(String(task.id)) === task, task.get('title')]).toEqual([true, 'one']);
  outbox.models[0]?.retry({ title: 'again' });
  await browser.settle(1_000);
  expect(await other.record(String(task.id))).toEqual({ title: 'again' });
  expect([task.get('title'), outbox.models.length]).toEqual(['again', 0]);
});
