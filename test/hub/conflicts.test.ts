import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import { TOPIC } from '../support/mutations.ts';
import { withRecords } from './with-records.ts';

/** The server refuses all pushes like this. */
async function refusing(receipt: (ids: readonly string[]) => object) {
  const all = await withRecords(true);
  all.server.on('push', ({ mutations }) => ({
    receipts: mutations.map(({ mutation, also }) => receipt([mutation.id, ...also]) as Receipt),
    number: 1,
  }));
  return all;
}

const conflict = (version: number, attrs: Attributes) => (ids: readonly string[]) => ({
  type: 'conflict',
  ids,
  code: 'conflict',
  message: 'It was changed',
  current: { version, attrs },
});

describe('a conflict', () => {
  it('[CF8] brings the record before its change does, and an older one is ignored', async () => {
    const { world, server, tab } = await refusing(conflict(3, { title: 'Theirs', n: 1 }));
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    expect([tab.seen('a'), tab.state('a')]).toEqual([{ title: 'Theirs', n: 1 }, 'rejected']);
    expect(tab.values.at(-1)?.version).toBe(3);
    // What comes of it goes on top, and what it has already is skipped.
    server.note(TOPIC, 'a', { title: 'Theirs', n: 1 });
    server.change(TOPIC, 'a', { n: 2 });
    server.tell(TOPIC, 2, 4);
    await world.settle();
    expect(tab.seen('a')).toEqual({ title: 'Theirs', n: 2 });
    server.on('push', ({ mutations: [first] }) => ({
      receipts: [conflict(3, { title: 'Old news' })([String(first?.mutation.id)]) as unknown as Receipt],
      number: 1,
    }));
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    expect(tab.seen('a')).toEqual({ title: 'Theirs', n: 2 });
  });

  it('[CF6] is told with the record, with what was refused, to other tabs and after a restart', async () => {
    const { world, tab } = await refusing(conflict(3, { title: 'Theirs' }));
    const id = tab.write({ record: 'a', base: 1, set: { title: 'Mine' }, was: { title: 'A' } });
    await world.settle();
    const refused = { mutation: { id, set: { title: 'Mine' } }, receipt: { type: 'conflict' }, status: 409 };
    expect(tab.values.at(-1)).toMatchObject({ state: 'rejected', refused });
    const late = (await world.tab('tab2')).follow();
    await world.settle();
    expect(late.values.at(-1)).toMatchObject({ record: 'a', refused });
    const next = await world.tab('tab3', world.start());
    next.follow();
    await world.settle();
    expect(next.values.at(-1)).toMatchObject({ record: 'a', refused });
    next.post({ type: 'decide', id, decision: 'discard' });
    await world.settle();
    expect(next.values.at(-1)).not.toHaveProperty('refused');
  });

  it('[CF5] of a create shows the record that is there', async () => {
    const { world, tab } = await refusing(conflict(3, { title: 'Theirs' }));
    tab.write({ method: 'create', record: 'new', set: { title: 'Mine' } });
    await world.settle();
    expect([tab.seen('new'), tab.state('new')]).toEqual([{ title: 'Theirs' }, 'rejected']);
    // Whoever has seen it builds on it, and not on what was refused.
    tab.write({ record: 'new', base: 3, set: { n: 1 }, was: {} });
    await world.settle();
    expect(world.server.requests('push').at(-1)?.mutations).toMatchObject([
      { mutation: { method: 'update', base: 3, set: { n: 1 } } },
    ]);
  });
});

describe('a record that is deleted under an update that is on its way', () => {
  it('[CF7] is not told of before the server’s word', async () => {
    const { world, server, tab } = await withRecords(true);
    let answer: (receipts: readonly Receipt[]) => void = () => undefined;
    server.on(
      'push',
      () =>
        new Promise((resolve) => {
          answer = (receipts) => resolve({ receipts, number: 1 });
        }),
    );
    const id = tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    const before = tab.values.length;
    server.change(TOPIC, 'a', null);
    await world.settle();
    expect(tab.values.length).toBe(before);
    const read = tab.read();
    await world.settle();
    expect(tab.rows(read)).toEqual({ b: { title: 'B' } });
    answer([{ type: 'gone', ids: [id], code: 'gone', message: '' }]);
    await world.settle();
    expect([tab.seen('a'), tab.state('a')]).toEqual([null, 'rejected']);
  });

  it('[CF7] is told of with that word, to its author too, where the update was applied before', async () => {
    const { world, server, tab } = await withRecords(true);
    let answer: () => void = () => undefined;
    server.on(
      'push',
      ({ mutations: [first] }) =>
        new Promise((resolve) => {
          const ids = first ? [first.mutation.id] : [];
          answer = () => resolve({ receipts: [{ type: 'applied', ids, offset: 3 }], number: 1 });
        }),
    );
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    server.change(TOPIC, 'a', { title: 'Mine' });
    server.change(TOPIC, 'a', null);
    await world.settle();
    expect(tab.seen('a')).not.toBeNull();
    answer();
    await world.settle();
    expect([tab.seen('a'), tab.state('a')]).toEqual([null, 'clean']);
  });
});

describe('a write behind another of its lane', () => {
  it('[CF10] has the base previous, whichever tab made it', async () => {
    const { world, server, tab } = await withRecords(true);
    const other = await world.tab('tab2');
    server.hold('push');
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    other.write({ record: 'a', base: 1, set: { n: 1 } });
    await world.settle();
    expect([...world.disk.rows.outbox.values()].map(({ mutation }) => mutation.base)).toEqual([
      1,
      'previous',
    ]);
  });

  it('[CF10] sees what was applied before it as the version that it is, before its change is there', async () => {
    const { world, server, tab } = await withRecords(true);
    server.echo = 'never';
    const other = (await world.tab('tab2')).follow();
    await world.settle();
    tab.write({ record: 'a', base: 1, set: { title: 'Mine' } });
    await world.settle();
    expect(other.values.at(-1)).toMatchObject({ record: 'a', version: 3, attrs: { title: 'Mine' } });
  });

  it('[CF10] has the base of that one where it was refused', async () => {
    const { world, server, tab } = await withRecords(true);
    let answer: (receipts: readonly Receipt[]) => void = () => undefined;
    server.on(
      'push',
      () =>
        new Promise((resolve) => {
          answer = (receipts) => resolve({ receipts, number: 1 });
        }),
    );
    const id = tab.write({ record: 'a', base: 1, set: { title: 'M' }, was: { title: 'A' } });
    await world.settle();
    tab.write({ record: 'a', base: 'previous', set: { title: 'Mi', n: 1 }, was: { title: 'M' } });
    await world.settle();
    answer([conflict(3, { title: 'Theirs' })([id]) as unknown as Receipt]);
    await world.settle();
    expect(server.requests('push').at(-1)?.mutations).toMatchObject([
      { mutation: { set: { title: 'Mi', n: 1 }, base: 1, was: { title: 'A' } } },
    ]);
  });
});
