import { describe, expect, it } from 'vitest';
import { afterEntry } from '../../src/protocol/change.ts';
import { isErrorCode, MedullaError, STATUS } from '../../src/protocol/errors.ts';
import { mutationId, mutationNumber, mutationTab, recordKey, type TabId } from '../../src/protocol/ids.ts';
import { edited, laidOn } from '../../src/protocol/mutation.ts';

describe('an edit', () => {
  it('[PR4] sets, then unsets, and leaves its arguments alone', () => {
    const attrs = Object.freeze({ a: 1, b: 2, c: 3 });
    const set = Object.freeze({ b: 20, d: 40 });
    expect(edited(attrs, set, ['c', 'd', 'missing'])).toEqual({ a: 1, b: 20 });
  });
});

describe('a mutation laid on a record', () => {
  const set = { a: 2 };

  it('[PR5] leaves nothing when it is a delete', () => {
    expect(laidOn({ a: 1 }, { method: 'delete', set: {}, unset: [] })).toBeNull();
    expect(laidOn(null, { method: 'delete', set: {}, unset: [] })).toBeNull();
  });

  it('[PR5] leaves exactly what a create set', () => {
    expect(laidOn({ b: 1 }, { method: 'create', set, unset: [] })).toEqual({ a: 2 });
  });

  it.each(['update', 'patch'] as const)(
    '[PR5] edits what is there when it is an %s, or nothing where it was not made on anything',
    (method) => {
      expect(laidOn({ a: 1, b: 1, c: 1 }, { method, set, unset: ['c'] })).toEqual({ a: 2, b: 1 });
      expect(laidOn(null, { method, set, unset: ['c'], base: null })).toEqual({ a: 2 });
      expect(laidOn(null, { method, set, unset: ['c'], base: 3 })).toBeNull();
      expect(laidOn(null, { method, set, unset: ['c'], base: 'previous' })).toBeNull();
    },
  );
});

describe('an entry laid on a record', () => {
  it('[PR6] deletes, replaces or edits', () => {
    const attrs = { a: 1, b: 1 };
    expect(afterEntry(attrs, ['x', 1, null])).toBeNull();
    expect(afterEntry(attrs, ['x', 1, { c: 1 }, '*'])).toEqual({ c: 1 });
    expect(afterEntry(attrs, ['x', 1, { c: 1 }, ['b']])).toEqual({ a: 1, c: 1 });
    expect(afterEntry(attrs, ['x', 1, { c: 1 }, null, null])).toEqual({ a: 1, b: 1, c: 1 });
    expect(afterEntry(null, ['x', 1, { c: 1 }, '*'])).toEqual({ c: 1 });
    expect(afterEntry(null, ['x', 1, { c: 1 }, ['b']])).toBeNull();
  });
});

describe('names', () => {
  it('[PR9] come back out of a mutation id, whatever the tab is called', () => {
    const id = mutationId('a:b' as TabId, 12);
    expect([mutationTab(id), mutationNumber(id)]).toEqual(['a:b', 12]);
    expect(recordKey(7)).toBe(recordKey('7'));
  });

  it('[PR8] give each error its status', () => {
    for (const [code, status] of Object.entries(STATUS)) {
      expect(isErrorCode(code)).toBe(true);
      expect(status === 0 || (status >= 400 && status < 600)).toBe(true);
    }
    expect(isErrorCode('toString')).toBe(false);
    const cause = new Error('why');
    const error = new MedullaError('gone', 'It is gone', { details: 1, cause });
    expect(error).toMatchObject({ name: 'MedullaError', code: 'gone', status: 410, details: 1, cause });
  });
});
