import { describe, expect, it } from 'vitest';
import { byId, deploy, NEW, OLD, pushed } from './deploy.ts';

/** A browser whose old page knows two records, and has, offline, changed one, deleted one and created one. */
async function offlineForDays() {
  const world = deploy();
  const { browser } = world;
  const page = await browser.open(OLD);
  page.tasks.create({ id: 'a', title: 'A', done: 'no' });
  page.tasks.create({ id: 'b', title: 'B', done: 'yes' });
  page.tasks.create({ id: 'c', title: 'C', note: 'x' });
  await browser.settle();
  browser.network.online = false;
  await browser.settle();
  page.tasks.get('a')?.save({ done: 'yes' });
  page.tasks.get('a')?.save({ title: 'A2' });
  page.tasks.get('b')?.destroy();
  page.tasks.create({ id: 'd', title: 'D', done: 'no' });
  page.tasks.get('c')?.unset('title');
  page.tasks.get('c')?.save();
  await browser.settle();
  browser.kill();
  return world;
}

const MIGRATED = [
  { id: 'a', name: 'A2', done: true },
  { id: 'c', note: 'x' },
  { id: 'd', name: 'D', done: false },
];

describe('a deploy that changes the shape of records', () => {
  it('[MG1] shows the new page, offline, migrated records with migrated writes on them', async () => {
    const { browser } = await offlineForDays();
    const { tasks, reported } = await browser.open(NEW);
    expect(byId(tasks.toJSON())).toEqual(MIGRATED);
    expect(reported).toEqual([]);
  });

  it('[MG2] sends what waited in the new shape, once, under the number of that shape', async () => {
    const { browser, writes, core } = await offlineForDays();
    const { tasks, medulla } = await browser.open(NEW);
    const before = writes.length;
    browser.network.online = true;
    await browser.settle(60_000);
    expect(medulla.status.get('pending')).toBe(0);
    const sent = writes.slice(before);
    expect(sent.map(([, version]) => version)).toEqual([2, 2, 2, 2, 2]);
    expect(sent.map(([, , set, unset]) => [set, unset])).toEqual([
      [{ done: true }, []],
      [{ name: 'A2' }, []],
      [{}, []],
      [{ name: 'D', done: false }, []],
      [{}, ['name']],
    ]);
    expect(new Set(sent.map(([id]) => id)).size).toBe(5);
    expect(byId(tasks.toJSON())).toEqual(byId(await rowsOf(core)));
  });

  it('[MG2] lets nothing of the old shape leave where the connection is there before', async () => {
    const { browser } = await offlineForDays();
    browser.network.up = true;
    const before = pushed(browser).length;
    await browser.open(NEW);
    await browser.settle(60_000);
    const versions = pushed(browser)
      .slice(before)
      .map(({ mutation }) => mutation.recordVersion);
    expect(versions).toEqual([2, 2, 2, 2, 2]);
  });
});

async function rowsOf(core: ReturnType<typeof deploy>['core']) {
  const { FakePeer } = await import('../server/support/fake-peer.ts');
  const peer = await FakePeer.connect(core, 'ann');
  const answer = (await peer.ask('read', { topic: '/tasks' })) as { rows: [string, number, object][] };
  return answer.rows.map(([id, , attrs]) => ({ id, ...attrs }));
}
