import { describe, expect, it } from 'vitest';
import { WINDOW } from '../../src/protocol/tab-terms.ts';
import { TOPIC } from '../support/mutations.ts';
import { withRecords } from './with-records.ts';

describe('pending writes', () => {
  it('[RP14] are laid on every answer: what was created is in it, what was deleted is not', async () => {
    const { world, tab } = await withRecords(true);
    const other = await world.tab('tab2');
    await world.offline();
    tab.write(
      { method: 'create', record: 'n', set: { title: 'N' } },
      { method: 'delete', record: 'a' },
      { record: 'b', set: { done: true } },
    );
    await world.settle();
    const after = { b: { title: 'B', done: true }, n: { title: 'N' } };
    const reads = [tab.read(), other.read({ cache: 'only' })];
    const [gone, made] = [tab.read({ record: 'a' }), tab.read({ record: 'n' })];
    await world.settle();
    expect([tab.rows(reads[0] ?? 0), other.rows(reads[1] ?? 0)]).toEqual([after, after]);
    expect(tab.answers.get(gone)).toMatchObject({ type: 'failed' });
    expect(tab.rows(made)).toEqual({ n: { title: 'N' } });
  });

  it("[RP14] are laid on a query's answer", async () => {
    const { world, server, tab } = await withRecords(false);
    server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } }, { method: 'delete', record: 'b' });
    await world.settle();
    const read = tab.read({ query: { any: true } });
    await world.settle();
    expect(server.requests('read').at(-1)).toEqual({ topic: TOPIC, query: { any: true } });
    expect(tab.rows(read)).toEqual({ a: { title: 'Mine' } });
  });

  it('[RP14] are in an answer as they are when it goes out, not as they were when it was made', async () => {
    const { world, tab } = await withRecords(true);
    const other = await world.tab('tab2');
    other.follow();
    await world.settle();
    other.frozen = true;
    for (let i = 0; i < WINDOW; i++) {
      tab.write({ record: 'a', base: 1, set: { title: `One ${i}` } });
      await world.settle();
    }
    const read = other.read();
    await world.settle();
    tab.write({ record: 'a', base: 1, set: { title: 'Two' } });
    await world.settle();
    other.thaw();
    await world.settle();
    expect(other.rows(read)).toMatchObject({ a: { title: 'Two' } });
  });

  it('[RP14] are an answer by themselves where nothing else is kept', async () => {
    const { world, tab } = await withRecords(false);
    await world.offline();
    tab.write({ method: 'create', record: 'n', set: { title: 'N' } });
    const read = tab.read();
    await world.settle();
    expect(tab.rows(read)).toEqual({ n: { title: 'N' } });
  });
});
