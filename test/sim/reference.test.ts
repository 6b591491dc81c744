import { describe, expect, it } from 'vitest';
import { folded, predicted } from './model/reference.ts';

const there = { version: 3, attrs: { title: 'Theirs', n: 5 } };
const update = { method: 'update', set: { title: 'Mine' }, unset: [] } as const;
const stale = { base: 2, was: { title: 'Old' } };

describe('the reference model', () => {
  it('[SM6] merges, rejects or adds up, as the resource says', () => {
    expect(predicted('/lists', there, update, stale)).toEqual({ attrs: { title: 'Mine', n: 5 } });
    expect(predicted('/users/ann/notes', there, update, stale)).toEqual({ refused: 'conflict' });
    expect(predicted('/users/ann/notes', there, update, { ...stale, base: 3 })).toEqual({
      attrs: { title: 'Mine', n: 5 },
    });
    const counts = { method: 'patch', set: { n: 3 }, unset: [] } as const;
    expect(predicted('/sums', there, counts, { base: 2, was: { n: 1 } })).toEqual({
      attrs: { title: 'Theirs', n: 7 },
    });
  });

  it('[SM6] knows what is there, what is gone, and what is made by an update', () => {
    const create = { method: 'create', set: { title: 'New' }, unset: [] } as const;
    expect(predicted('/cards', there, create, { base: null, was: {} })).toEqual({ refused: 'conflict' });
    expect(predicted('/cards', null, create, { base: null, was: {} })).toEqual({
      attrs: { title: 'New', n: 0 },
    });
    expect(predicted('/cards', null, update, stale)).toEqual({ refused: 'gone' });
    expect(predicted('/lists', null, update, { base: null, was: {} })).toEqual({ attrs: { title: 'Mine' } });
    expect(predicted('/lists', null, update, { base: null, was: {}, record: '~0' })).toEqual({
      refused: 'gone',
    });
    const gone = { method: 'delete', set: {}, unset: [] } as const;
    expect(predicted('/cards', null, gone, stale)).toEqual({ attrs: null });
  });

  it('[SM6] lays several writes on one another', () => {
    const unset = { method: 'patch', set: { n: 1 }, unset: ['title'] } as const;
    expect(folded([update, unset, { ...update, set: { n: 2 } }])).toEqual({
      method: 'update',
      set: { n: 2 },
      unset: ['title'],
    });
  });
});
