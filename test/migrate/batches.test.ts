import { expect, it } from 'vitest';
import type { MedullaOptions } from '../../src/client/options.ts';
import { byId, deploy, NEW, OLD, pushed, rowsOf } from './deploy.ts';

const broken: MedullaOptions = {
  ...NEW,
  migrate(attrs, about) {
    if (attrs.title === 'A2') throw new Error('Cannot make this of that');
    return NEW.migrate?.(attrs, about) ?? attrs;
  },
};

/** An old page's batch of two, never sent. */
async function withBatch() {
  const world = deploy();
  const { browser } = world;
  const { medulla, tasks } = await browser.open(OLD);
  tasks.create({ id: 'a', title: 'A', done: 'no' });
  await browser.settle();
  browser.network.online = false;
  await browser.settle();
  medulla.batch(() => {
    tasks.create({ id: 'b', title: 'B', done: 'no' });
    tasks.get('a')?.save({ title: 'A2' });
  });
  await browser.settle();
  browser.kill();
  return world;
}

it('[BA10] holds all of a batch where one of it cannot be migrated, and sends it whole when it can', async () => {
  const { browser, core } = await withBatch();
  const page = await browser.open(broken);
  browser.network.online = true;
  await browser.settle(60_000);
  expect(page.medulla.status.attributes).toMatchObject({ pending: 0, rejected: 1 });
  expect(await rowsOf(core)).toMatchObject([{ id: 'a', title: 'A' }]);
  browser.kill();
  const { medulla } = await browser.open(NEW);
  await browser.settle(1_000);
  expect(medulla.status.attributes).toMatchObject({ pending: 0, rejected: 0 });
  expect(byId(await rowsOf(core))).toMatchObject([
    { id: 'a', name: 'A2' },
    { id: 'b', name: 'B', done: false },
  ]);
  expect(
    pushed(browser)
      .slice(1)
      .map(({ mutation }) => [mutation.record, mutation.batch?.size]),
  ).toEqual([
    ['b', 2],
    ['a', 2],
  ]);
});

it('[BA10] tries all of it again on a retry of any', async () => {
  const { browser, core } = await withBatch();
  const { medulla } = await browser.open(broken);
  browser.network.online = true;
  const { outbox } = medulla;
  await browser.settle(60_000);
  const item = outbox.findWhere({ state: 'rejected' }) as unknown as { retry(): void; discard(): void };
  item.retry();
  await browser.settle(1_000);
  expect(medulla.status.attributes).toMatchObject({ pending: 0, rejected: 1 });
  expect(await rowsOf(core)).toMatchObject([{ id: 'a', title: 'A' }]);
  item.discard();
  await browser.settle(1_000);
  expect(medulla.status.attributes).toMatchObject({ pending: 0, rejected: 0 });
});
