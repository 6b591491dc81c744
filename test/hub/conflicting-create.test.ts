import { describe, expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

describe('a create that was refused because its record is there', () => {
  async function conflicting() {
    const world = new HubWorld();
    const current = { version: 3, attrs: { title: 'Theirs' } };
    world.server.on('push', ({ mutations }: Requests['push'], next) => {
      const [create] = mutations.filter(({ mutation }) => mutation.method === 'create');
      if (!create) return next();
      const ids = [create.mutation.id];
      const receipts: Receipt[] = [{ type: 'conflict', ids, code: 'conflict', message: 'is there', current }];
      return { receipts, number: 1 };
    });
    const tab = await world.tab('tab1');
    tab.write({ method: 'create', record: 'n', set: { title: 'Mine' } });
    await world.settle();
    expect(tab.story(1)).toContain('settled conflict');
    return { world, tab };
  }

  it.each(['retry', 'save'] as const)(
    '[OB29] goes as an update when it is tried again by %s',
    async (how) => {
      const { world, tab } = await conflicting();
      if (how === 'save') tab.write({ record: 'n', base: null, set: { rank: 1 } });
      else tab.post({ type: 'decide', id: 'tab1:1' as never, decision: 'retry', edit: { rank: 1 } });
      await world.settle();
      expect(world.server.requests('push').at(-1)?.mutations).toMatchObject([
        { mutation: { method: 'update', base: 'previous', set: { title: 'Mine', rank: 1 } } },
      ]);
      expect(world.onDisk).toEqual([]);
    },
  );
});

it('[OB29] a refused create of what another has made since: the write of whoever has seen that is an update of it', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  tab.follow();
  await world.settle();
  world.server.decideAgainst('tab1:1');
  tab.write({ method: 'create', record: 'n', set: { title: 'Mine', rank: 1 } });
  await world.settle();
  const version = world.server.change(TOPIC, 'n', { title: 'Theirs' });
  await world.settle();
  expect(tab.seen('n')).toEqual({ title: 'Theirs' });
  tab.write({ record: 'n', base: version, set: { title: 'Ours' } });
  await world.settle();
  expect(world.server.requests('push').at(-1)?.mutations).toMatchObject([
    { mutation: { method: 'update', base: version, set: { title: 'Ours' } } },
  ]);
  expect([world.onDisk, tab.status?.rejected]).toEqual([[], 0]);
});
