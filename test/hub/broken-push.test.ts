import { describe, expect, it } from 'vitest';
import type { Requests } from '../../src/protocol/server-up.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

describe('a push that breaks the connection', () => {
  /** Whoever sends `x: 'poison'` loses the connection. */
  function poisoned(world: HubWorld): void {
    world.server.on('push', ({ mutations }: Requests['push'], next) => {
      if (!mutations.some(({ mutation }) => mutation.set.x === 'poison')) return next();
      world.server.drop();
      return new Promise(() => undefined);
    });
  }

  it('[OB13] finds out the one that does it, parks it, and offers it to its user; the rest goes on', async () => {
    const world = new HubWorld({ options: { attempts: 3 } });
    const tab = await world.tab('tab1');
    tab.post({ type: 'watch' });
    poisoned(world);
    tab.write(
      ...Array.from({ length: 16 }, (_, i) => ({ record: `r${i}`, set: { x: i === 7 ? 'poison' : 'fine' } })),
    );
    await world.clock.advance(300_000);
    expect(tab.status).toMatchObject({ pending: 0, rejected: 1 });
    expect(tab.outbox.get('tab1:8')).toMatchObject({ state: 'rejected' });
    expect(world.server.log(TOPIC)).toHaveLength(15);
  });

  it('[OB13] blames none that was on its way beside it', async () => {
    const world = new HubWorld({ options: { attempts: 3 } });
    const tab = await world.tab('tab1');
    const alone: string[] = [];
    world.server.on('push', ({ mutations }: Requests['push'], next) => {
      if (mutations.length === 1) alone.push(String(mutations[0]?.mutation.set.x));
      if (mutations.some(({ mutation }) => mutation.set.x === 'poison')) {
        world.server.drop();
        return new Promise(() => undefined);
      }
      return new Promise((resolve) => world.clock.after(10, () => resolve(next())));
    });
    tab.write(
      ...Array.from({ length: 16 }, (_, i) => ({
        record: `r${i}`,
        set: { x: i % 4 ? 'poison' : `fine ${i}` },
      })),
    );
    await world.clock.advance(600_000);
    expect(alone.filter((x) => x !== 'poison')).toEqual(['fine 0', 'fine 4', 'fine 8', 'fine 12']);
    expect(tab.status).toMatchObject({ pending: 0, rejected: 12 });
    expect(world.server.log(TOPIC)).toHaveLength(4);
  });

  it('[OB13] finds it out where the server refuses the push instead', async () => {
    const world = new HubWorld({ options: { attempts: 3 } });
    const tab = await world.tab('tab1');
    const { MedullaError } = await import('../../src/protocol/errors.ts');
    world.server.on('push', ({ mutations }: Requests['push'], next) => {
      if (mutations.some(({ mutation }) => mutation.set.x === 'poison'))
        throw new MedullaError('bad-message', 'no');
      return next();
    });
    tab.write(
      ...Array.from({ length: 16 }, (_, i) => ({ record: `r${i}`, set: { x: i === 7 ? 'poison' : 'fine' } })),
    );
    await world.clock.advance(300_000);
    expect(tab.status).toMatchObject({ pending: 0, rejected: 1 });
    expect(world.server.log(TOPIC)).toHaveLength(15);
    expect(world.server.hellos).toHaveLength(1);
  });

  it('[OB13] waits, and blames nobody, where the server says that it can do nothing now', async () => {
    const world = new HubWorld({ options: { attempts: 3 } });
    const tab = await world.tab('tab1');
    const { MedullaError } = await import('../../src/protocol/errors.ts');
    world.server.on('push', () => {
      throw new MedullaError('retry', 'closing');
    });
    tab.write({ record: 'a', set: { x: 1 } }, { record: 'b', set: { x: 1 } });
    await world.clock.advance(300_000);
    expect(world.server.pushes.length).toBeLessThan(40);
    expect(tab.status).toMatchObject({ pending: 2, rejected: 0 });
    world.server.on('push', null);
    await world.clock.advance(31_000);
    expect(tab.status).toMatchObject({ pending: 0 });
  });
});
