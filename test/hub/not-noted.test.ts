import { expect, it } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

it('[SF15] tells the server’s word though it could not be noted here, and asks again until it is', async () => {
  const world = new HubWorld();
  let broken = 0;
  const clock: Clock = {
    now: () => world.clock.now(),
    after(ms, fn) {
      // What counts on the screen is told a little later: by this clock.
      if (ms === 40 && broken-- > 0) throw new Error('no timers any more');
      return world.clock.after(ms, fn);
    },
  };
  await world.hub.close();
  world.start({ clock, options: { attempts: 2 } });
  const tab = await world.tab('tab1');
  tab.follow();
  await world.settle();
  let pushes = 0;
  world.server.on('push', async (_request, next) => {
    await new Promise<void>((resolve) => void world.clock.after(500, resolve));
    broken = ++pushes <= 5 ? 1 : 0;
    return next();
  });
  tab.write({ record: 'a', set: { x: 1 } }, { record: 'b', set: { x: 1 } });
  await world.settle(1_000);
  expect([tab.story(1).at(-1), tab.story(2).at(-1)]).toEqual(['settled applied', 'settled applied']);
  await world.clock.advance(60_000);
  expect(world.logged.filter((event) => event === 'receipt-not-noted').length).toBeGreaterThan(0);
  expect(world.server.log(TOPIC)).toHaveLength(2);
  expect([tab.status?.pending, tab.status?.rejected, world.onDisk]).toEqual([0, 0, []]);
});
