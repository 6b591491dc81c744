import { describe, expect, it } from 'vitest';
import { holdAnswer } from '../support/hold-answer.ts';
import { TOPIC } from '../support/mutations.ts';
import { withRecords } from './with-records.ts';

describe('a read of one record', () => {
  it('[RP13] is answered by the replica where the topic is caught up: there, or not found', async () => {
    const { world, server, tab } = await withRecords(true);
    const [a, x] = [tab.read({ record: 'a' }), tab.read({ record: 'x' })];
    await world.settle();
    expect(tab.rows(a)).toEqual({ a: { title: 'A' } });
    expect(tab.answers.get(x)).toMatchObject({ type: 'failed', code: 'not-found' });
    expect(server.requests('read')).toEqual([]);
  });

  it.each([
    ['that it had', 'a'],
    ['that it did not have', 'n'],
  ])(
    '[RP15] does not lay an answer over a write that was applied meanwhile, of a record %s',
    async (_what, record) => {
      const { world, server, tab } = await withRecords(false);
      tab.read({ record: 'a' });
      await world.settle();
      const go = holdAnswer(server, 'read');
      const late = tab.read({ record, cache: 'reload' });
      await world.settle();
      tab.write({ record, base: null, set: { title: 'Mine' } });
      await world.settle();
      expect(tab.story(1)).toEqual(['settled applied']);
      go();
      await world.settle();
      const after = tab.read({ record, cache: 'only' });
      await world.settle();
      const mine = { [record]: { title: 'Mine' } };
      expect([tab.rows(late), tab.rows(after)]).toEqual([mine, mine]);
    },
  );

  it('[RP15] is asked again where a write was applied meanwhile: what others did shows too', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read({ record: 'a' });
    await world.settle();
    const go = server.hold('read');
    const late = tab.read({ record: 'a', cache: 'reload' });
    await world.settle();
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    server.note(TOPIC, 'a', { rank: 1 });
    go();
    await world.settle();
    expect(tab.rows(late)).toEqual({ a: { title: 'Mine', rank: 1 } });
  });

  it.each([{ record: 'a' }, { query: {} }])(
    '[RP15] is asked again where a part of what is not here was written meanwhile: %o',
    async (what) => {
      const { world, server, tab } = await withRecords(false);
      const go = holdAnswer(server, 'read');
      const late = tab.read({ ...what, cache: 'reload' });
      await world.settle();
      tab.write({ record: 'a', base: 1, method: 'patch', set: { title: 'Mine' } });
      await world.settle();
      go();
      await world.settle();
      expect(tab.rows(late)?.a).toEqual({ title: 'Mine' });
    },
  );

  it('[RP13] asks the server otherwise, and keeps the answer', async () => {
    const { world, server, tab } = await withRecords(false);
    const [a, x] = [tab.read({ record: 'a' }), tab.read({ record: 'x' })];
    await world.settle();
    expect(tab.answers.get(a)).toMatchObject({ source: 'network', rows: [['a', 1, { title: 'A' }]] });
    expect(tab.answers.get(x)).toMatchObject({ type: 'failed', code: 'not-found' });
    expect(server.requests('read')).toHaveLength(2);
    await world.offline();
    const again = tab.read({ record: 'a' });
    await world.settle();
    expect(tab.rows(again)).toEqual({ a: { title: 'A' } });
  });

  it('[RP13] forgets a record that the server has no more', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read({ record: 'a' });
    await world.settle();
    server.note(TOPIC, 'a', null);
    tab.read({ record: 'a', cache: 'reload' });
    await world.settle();
    const read = tab.read({ record: 'a', cache: 'only' });
    await world.settle();
    expect(tab.answers.get(read)).toMatchObject({ type: 'failed' });
  });

  it('[RP13] is answered from the replica when its patience is over', async () => {
    const { world, server, tab } = await withRecords(false);
    tab.read({ record: 'a' });
    await world.settle();
    server.hold('read');
    const read = tab.read({ record: 'a' });
    await world.clock.advance(3_100);
    expect(tab.answers.get(read)).toMatchObject({ type: 'rows', source: 'replica', stale: true });
  });
});
