import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { HubWorld } from '../support/hub-world.ts';

const code = 'retry';

/** Answers the writes of record `a` with what `says` makes, the rest as usual. */
function answering(world: HubWorld, says: (ids: string[]) => Receipt): void {
  world.server.on('push', ({ mutations }: Requests['push'], next) => {
    const bad = mutations.filter(({ mutation }) => mutation.record === 'a');
    const ids = bad.flatMap(({ mutation, also }) => [mutation.id, ...also]);
    if (ids.length === 0) return next();
    const good = mutations.filter(({ mutation }) => mutation.record !== 'a');
    const receipts = good.map(
      ({ mutation }): Receipt => ({ type: 'applied', ids: [mutation.id], offset: 1 }),
    );
    return { receipts: [...receipts, says(ids)], number: 1 };
  });
}

describe('retry', () => {
  it('[OB11] parks the lane and nothing else, and goes again by itself', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    tab.post({ type: 'watch' });
    answering(world, (ids) => ({ type: 'retry', ids: ids as never, code, message: 'busy', after: 5_000 }));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    tab.write({ record: 'a', set: { x: 2 } }, { record: 'b', set: { x: 1 } });
    await world.settle();
    expect(world.server.pushes).toEqual([['tab1:1'], ['tab1:3']]);
    expect(tab.outbox.get('tab1:1')).toMatchObject({
      state: 'parked',
      attempts: 1,
      receipt: { type: 'retry', code, message: 'busy' },
    });
    expect(tab.story(3)).toContain('settled applied');
    await world.clock.advance(4_000);
    expect(world.server.pushes).toHaveLength(2);
    world.server.on('push', null);
    await world.clock.advance(3_000);
    expect(world.server.pushes.slice(2).flat()).toEqual(['tab1:1', 'tab1:2']);
    expect(tab.story(2).at(-1)).toBe('settled applied');
  });

  it('[OB11] offers a mutation to its user after so many attempts, and goes on with the lane', async () => {
    const world = new HubWorld({ options: { attempts: 3 } });
    const tab = await world.tab('tab1');
    tab.post({ type: 'watch' });
    answering(world, (ids) => ({ type: 'retry', ids: ids as never, code, message: 'busy', after: 0 }));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.clock.advance(60_000);
    expect(world.server.pushes).toHaveLength(3);
    expect(tab.outbox.get('tab1:1')).toMatchObject({
      state: 'rejected',
      receipt: { type: 'retry', message: 'busy' },
    });
    expect(tab.story(1)).toEqual(['queued', 'settled retry']);
    expect(tab.status).toMatchObject({ pending: 0, rejected: 1 });
    expect(world.onDisk).toEqual(['tab1:1']);
  });

  it('[OB11] tries what was offered to the user again under the same id, since no receipt says that it is done', async () => {
    const world = new HubWorld({ options: { attempts: 1 } });
    const tab = await world.tab('tab1');
    answering(world, (ids) => ({ type: 'retry', ids: ids as never, code, message: '', after: 0 }));
    const id = tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    world.server.on('push', null);
    tab.post({ type: 'decide', id, decision: 'retry' });
    await world.settle();
    expect(world.server.pushes).toEqual([[id], [id]]);
    expect(tab.status).toMatchObject({ pending: 0, rejected: 0 });
  });

  it('[OB11] counts no attempt where the server has only had too many writes at once', async () => {
    const world = new HubWorld({ options: { attempts: 2 } });
    const tab = await world.tab('tab1');
    answering(world, (ids) => ({
      type: 'retry',
      ids: ids as never,
      code: 'rate',
      message: '',
      after: 1_000,
    }));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.clock.advance(20_000);
    expect(world.server.pushes.length).toBeGreaterThan(3);
    expect(tab.status).toMatchObject({ pending: 1, rejected: 0 });
  });
});

it('[OB27] keeps on the disk that what was offered is to be tried again', async () => {
  const world = new HubWorld({ options: { attempts: 1 } });
  const tab = await world.tab('tab1');
  world.server.on('push', ({ mutations }: Requests['push']) => ({
    receipts: mutations.map(
      ({ mutation: { id } }): Receipt => ({
        type: 'retry',
        ids: [id],
        code: 'retry',
        message: 'busy',
        after: 0,
      }),
    ),
    number: 1,
  }));
  const id = tab.write({ record: 'a', set: { x: 1 } });
  await world.settle();
  await world.offline();
  tab.post({ type: 'decide', id, decision: 'retry' });
  await world.settle();
  world.start();
  const other = await world.tab('tab2');
  expect(other.status).toMatchObject({ pending: 1, rejected: 0 });
});

describe('unauthorized', () => {
  it('[OB12] pauses, asks for a token, and sends again: nothing is lost', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    answering(world, (ids) => ({
      type: 'unauthorized',
      ids: ids as never,
      code: 'unauthorized',
      message: '',
    }));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle(1);
    tab.token = 'fresh';
    world.server.on('push', null);
    await world.clock.advance(40_000);
    expect(world.server.hellos.map(({ token }) => token)).toEqual(['token', 'fresh']);
    expect(tab.story(1)).toEqual(['queued', 'settled applied']);
    expect(tab.status).toMatchObject({ connection: 'open', reason: null });
  });

  it('[OB12] does the same where the whole push is refused so', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    const { MedullaError } = await import('../../src/protocol/errors.ts');
    let times = 0;
    world.server.on('push', (_request, next) => {
      if (times++ === 0) throw new MedullaError('unauthorized', 'expired');
      return next();
    });
    tab.write({ record: 'a', set: { x: 1 } }, { record: 'b', set: { x: 1 } });
    await world.clock.advance(40_000);
    expect(world.server.hellos).toHaveLength(2);
    expect(world.server.pushes).toEqual([
      ['tab1:1', 'tab1:2'],
      ['tab1:1', 'tab1:2'],
    ]);
  });

  it('[OB12] asks ever more seldom while the server goes on to say so', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    answering(world, (ids) => ({
      type: 'unauthorized',
      ids: ids as never,
      code: 'unauthorized',
      message: '',
    }));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.clock.advance(120_000);
    expect(world.server.hellos.length).toBeLessThan(25);
    expect(tab.status).toMatchObject({ pending: 1, rejected: 0 });
  });
});
