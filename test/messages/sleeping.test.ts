import { expect, it } from 'vitest';
import { Tab } from '../../src/hub/tabs/tab.ts';
import type { TabId } from '../../src/protocol/ids.ts';
import type { Batch, Status } from '../../src/protocol/tab-down.ts';
import { WINDOW } from '../../src/protocol/tab-terms.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { HubWorld } from '../support/hub-world.ts';

it('[SU3] keeps the latest thousand for a tab that sleeps, and tells them when it wakes', async () => {
  const batches: Batch[] = [];
  const port = {
    post: (message: unknown) => void batches.push(message as Batch),
    listen: () => undefined,
    close: () => undefined,
  };
  const nothing = { value: () => null, item: () => null, topic: () => never(), status: () => ({}) as Status };
  const tab = new Tab('tab1' as TabId, port, nothing, new VirtualClock());
  const note = async (n: number) => {
    tab.note({ type: 'n', content: n });
    await settle();
  };
  for (let n = 0; n < WINDOW; n++) await note(n);
  expect(batches).toHaveLength(WINDOW);
  for (let n = 0; n < 1_100; n++) tab.note({ type: 'n', content: n });
  await settle();
  expect(batches).toHaveLength(WINDOW);
  tab.acknowledge(WINDOW);
  await settle();
  const { messages = [] } = batches.at(-1) ?? {};
  expect([messages.length, messages[0]?.content, messages.at(-1)?.content]).toEqual([1_000, 100, 1_099]);
});

function never(): never {
  throw new Error('Nobody asks for it');
}

it('[SU4] counts in the status the attempts that have failed since the line was open', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  await world.settle();
  expect(tab.status?.attempts).toBe(0);
  await world.offline();
  await world.clock.advance(100_000);
  const failed = tab.status?.attempts ?? 0;
  expect(failed).toBeGreaterThan(3);
  await world.clock.advance(60_000);
  expect(tab.status?.attempts).toBeGreaterThan(failed);
  await world.online();
  await world.settle();
  await world.clock.advance(1_000);
  expect(tab.status?.attempts).toBe(0);
});
