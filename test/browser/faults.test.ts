import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appliedMutations, savedCards, unexplainedEffects } from '../support/browser/server-database.ts';
import { until } from '../support/browser/until.ts';
import { converged, seen, World } from '../support/browser/world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(async () => {
  await world.close();
});

describe('the connection', () => {
  it('[BX4] is cut between push and receipt: the write is there once, with the same answer', async () => {
    const [writer, reader] = await world.tabs(2);
    world.proxy.hold('down');
    await writer.evaluate(() => t.create({ title: 'sent twice' }, { wait: true }));
    await until('the server has it', () => savedCards(world.file()).includes('sent twice'));
    const [first] = JSON.parse(savedCards(world.file()));
    expect(await writer.evaluate(() => t.pending())).toBe(1);
    world.proxy.cut();
    await world.proxy.restore();
    await seen(writer, () => t.pending() === 0);
    expect(await writer.evaluate(() => t.outcomes)).toEqual([201]);
    expect(world.proxy.accepted).toBeGreaterThan(1);
    expect(appliedMutations(world.file())).toHaveLength(1);
    expect(unexplainedEffects(world.file())).toEqual([]);
    // The server stamps each card that it makes with a number that it never gives again.
    expect(first.serial).toBeGreaterThan(0);
    expect(await writer.evaluate((id) => t.attr(id, 'serial'), first.id)).toBe(first.serial);
    expect(await converged([writer, reader])).toBe(JSON.stringify([first]));
    expect(savedCards(world.file())).toBe(JSON.stringify([first]));
  });
});

describe('the worker', () => {
  it.each([
    ['from the tabs to the hub', () => world.devtools.stopSharedWorker()],
    ['from the hub to the server', () => world.proxy.hold('up')],
    ['answered by the server', () => world.proxy.hold('down')],
  ])(
    '[BX5] is killed with writes under way %s: the next hub goes on, and no request is left hanging',
    async (place, hold) => {
      const tabs = await world.tabs(3);
      await hold();
      await Promise.all(
        tabs.map((tab, i) =>
          tab.evaluate((i) => {
            for (let n = 0; n < 20; n++)
              t.create({ id: `card-${i}-${n}`, title: `${n}` }, { wait: n % 2 === 0 });
          }, i),
        ),
      );
      if (place.startsWith('answered'))
        await until('the server has some', () => appliedMutations(world.file())[0]);
      const pending = await Promise.all(tabs.map((tab) => tab.evaluate(() => t.pending())));
      expect(pending).toEqual([20, 20, 20]);
      expect(await world.devtools.killSharedWorkers()).toBe(1);
      world.proxy.cut();
      await world.proxy.restore();
      await Promise.all(tabs.map((tab) => seen(tab, () => t.pending() === 0)));
      for (const tab of tabs) {
        const outcomes = await tab.evaluate(() => t.outcomes);
        expect(outcomes).toHaveLength(20);
        expect(outcomes.filter((status) => status !== 200 && status !== 202)).toEqual([]);
      }
      await Promise.all(tabs.map((tab) => seen(tab, () => t.status().pending === 0)));
      const applied = appliedMutations(world.file());
      expect([applied.length, new Set(applied.map(({ id }) => id)).size]).toEqual([60, 60]);
      expect(unexplainedEffects(world.file())).toEqual([]);
      expect(await converged(tabs)).toBe(savedCards(world.file()));
      expect(await world.devtools.sharedWorkers()).toHaveLength(1);
      expect(world.complaints).toEqual([]);
    },
  );

  it('[BX5] is killed without a server, and the author is gone: the next hub finds it on the disk', async () => {
    const [reader, writer] = await world.tabs(2);
    await world.server.kill();
    await writer.evaluate(() => t.create({ id: 'kept', title: 'on the disk' }));
    await seen(writer, () => t.pending() === 0);
    expect(await writer.evaluate(() => t.outcomes)).toEqual([202]);
    await writer.close();
    expect(await world.devtools.killSharedWorkers()).toBe(1);
    await until('there is another worker', async () => (await world.devtools.sharedWorkers()).length === 1);
    await world.server.start(world.file());
    await until('the server has it', () => savedCards(world.file()).includes('on the disk'));
    await seen(reader, () => t.status().pending === 0 && t.cards.length === 1);
    expect(await converged([reader])).toBe(savedCards(world.file()));
  });
});

describe('the server', () => {
  it('[BX6] comes back with its database: tabs converge without a reload', async () => {
    const tabs = await world.tabs(2);
    await tabs[0].evaluate(() => t.create({ id: 'a', title: 'before' }));
    await until('the server has it', () => savedCards(world.file()).includes('before'));
    await world.server.kill();
    await tabs[1].evaluate(() => t.edit('a', { title: 'meanwhile' }));
    await world.server.start(world.file());
    await world.server.publish({ count: 3, records: 3, size: 10 });
    await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 4 && t.status().pending === 0)));
    expect(await converged(tabs)).toBe(savedCards(world.file()));
    expect(await tabs[0].evaluate(() => t.attr('a', 'title'))).toBe('meanwhile');
  });

  it('[BX6] comes back with another database: tabs converge without a reload, own unsent writes on top', async () => {
    const tabs = await world.tabs(2);
    await tabs[0].evaluate(() => t.create({ id: 'lost', title: 'with the first database' }));
    await Promise.all(tabs.map((tab) => seen(tab, () => t.attr('lost', 'title'))));
    await seen(tabs[0], () => t.pending() === 0);
    await world.server.kill();
    await tabs[1].evaluate(() => t.create({ id: 'carried', title: 'over' }));
    await world.server.start(world.file('second'));
    await world.server.publish({ count: 3, records: 3, size: 10 });
    await Promise.all(tabs.map((tab) => seen(tab, () => t.cards.length === 4 && !t.cards.get('lost'))));
    await Promise.all(tabs.map((tab) => seen(tab, () => t.status().pending === 0)));
    expect(await converged(tabs)).toBe(savedCards(world.file('second')));
    expect(await tabs[0].evaluate(() => t.attr('carried', 'title'))).toBe('over');
    expect(world.complaints).toEqual([]);
  });
});
