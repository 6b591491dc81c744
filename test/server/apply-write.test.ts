import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Row } from '../../src/protocol/change.ts';
import { applyWrite } from '../../src/server/commit/apply-write.ts';
import type { ConflictFunction, StoreWrite } from '../../src/server/store.ts';
import { write } from './support/store-write.ts';

const row = (attrs: Attributes): Row => ['x', 5, attrs];
const update = (set: Attributes, rest: Partial<StoreWrite> = {}) =>
  ({ ...write('a:1', 'update', 'x', set, rest), base: 3, ...rest }) as StoreWrite;

function attrsAfter(current: Row | null, write: StoreWrite) {
  const applied = applyWrite(current, write);
  return applied.type === 'changed' ? applied.attrs : applied.type;
}

describe('what a write makes of a record', () => {
  it('[SV1] creates what is not there, and conflicts with what is', () => {
    const create = write('a:1', 'create', 'x', { n: 1 });
    expect(applyWrite(null, create)).toMatchObject({ type: 'changed', attrs: { n: 1 }, unset: '*' });
    expect(applyWrite(row({ n: 0 }), create)).toMatchObject({
      type: 'refused',
      receipt: { type: 'conflict', current: { version: 5, attrs: { n: 0 } } },
    });
  });

  it('[SV1] puts what was never seen, and says gone of what was', () => {
    const put = update({ n: 1 }, { base: null, unset: ['m'] });
    expect(applyWrite(null, put)).toMatchObject({ type: 'changed', attrs: { n: 1 }, unset: '*' });
    expect(applyWrite(null, update({ n: 1 }))).toMatchObject({ type: 'refused', receipt: { type: 'gone' } });
    const patch = { ...update({ n: 1 }), method: 'patch', base: 'previous' } as const;
    expect(applyWrite(null, patch)).toMatchObject({ type: 'refused', receipt: { type: 'gone' } });
  });

  it('[SV1] deletes, and has nothing to do where there is nothing', () => {
    expect(applyWrite(row({}), write('a:1', 'delete', 'x'))).toEqual({ type: 'deleted' });
    expect(applyWrite(null, write('a:1', 'delete', 'x'))).toEqual({ type: 'unchanged' });
  });
});

describe('the policy merge', () => {
  it('[SV2] lets the last writer win, attribute by attribute', () => {
    const late = update({ title: 'mine' }, { was: { title: 'old' }, unset: ['note'] });
    expect(attrsAfter(row({ title: 'theirs', note: 1, done: true }), late)).toEqual({
      title: 'mine',
      done: true,
    });
  });
});

describe('the policy reject', () => {
  const reject = { conflict: 'reject' } as const;

  it('[SV2] refuses a write to what was changed since its author saw it', () => {
    const late = update({ title: 'mine' }, { ...reject, was: { title: 'old' } });
    expect(applyWrite(row({ title: 'theirs' }), late)).toMatchObject({
      receipt: { type: 'conflict', current: { version: 5, attrs: { title: 'theirs' } } },
    });
    const removal = update({}, { ...reject, unset: ['title'], was: { title: 'old' } });
    expect(attrsAfter(row({ title: 'theirs' }), removal)).toBe('refused');
    expect(attrsAfter(row({ title: 'theirs' }), update({ title: 'mine' }, { ...reject, base: null }))).toBe(
      'refused',
    );
  });

  it('[SV2] takes one that touches other attributes, is as new as the record, or does what is done already', () => {
    const other = update({ done: true }, { ...reject, was: { done: false } });
    expect(attrsAfter(row({ title: 'theirs', done: false }), other)).toEqual({ title: 'theirs', done: true });
    const fresh = update({ title: 'mine' }, { ...reject, base: 5, was: { title: 'old' } });
    expect(attrsAfter(row({ title: 'theirs' }), fresh)).toEqual({ title: 'mine' });
    const same = update({ title: 'theirs' }, { ...reject, was: { title: 'old' } });
    expect(attrsAfter(row({ title: 'theirs' }), same)).toEqual({ title: 'theirs' });
  });

  it('[SV2] takes no offence at what the server itself adds to a write, as who made it', () => {
    const late = update({ done: true, by: 'ann' }, { ...reject, was: { done: false } });
    const sent = { set: { done: true }, unset: [] };
    expect(attrsAfter(row({ done: false, by: 'bob' }), { ...late, sent })).toEqual({ done: true, by: 'ann' });
  });

  it('[SV2] never refuses a write behind another of its lane', () => {
    const next = update({ title: 'mine' }, { ...reject, base: 'previous', was: { title: 'old' } });
    expect(attrsAfter(row({ title: 'theirs' }), next)).toEqual({ title: 'mine' });
  });

  it('[SV2] refuses to delete what was changed since', () => {
    const remove = { ...write('a:1', 'delete', 'x'), ...reject };
    expect(attrsAfter(row({}), { ...remove, base: 3 })).toBe('refused');
    expect(attrsAfter(row({}), { ...remove, base: 5 })).toBe('deleted');
    expect(attrsAfter(row({}), { ...remove, base: 'previous' })).toBe('deleted');
  });
});

describe('a conflict function', () => {
  const sum: ConflictFunction = ({ was, theirs, yours }) => ({
    ...yours,
    n: Number(theirs.n) + Number(yours.n) - Number(was.n),
  });

  it('[SV2] gets three whole records, and its answer is the record', () => {
    const seen: unknown[] = [];
    const conflict: ConflictFunction = (sides) => {
      seen.push(sides);
      return sum(sides);
    };
    const late = update({ n: 6, own: true }, { conflict, was: { n: 5 } });
    expect(applyWrite(row({ n: 9, title: 'theirs', own: false }), late)).toEqual({
      type: 'changed',
      attrs: { n: 10, title: 'theirs', own: true },
      set: { n: 10, own: true },
      unset: [],
      merged: true,
    });
    expect(seen).toEqual([
      {
        was: { n: 5, title: 'theirs' },
        theirs: { n: 9, title: 'theirs', own: false },
        yours: { n: 6, title: 'theirs', own: true },
      },
    ]);
  });

  it('[SV2] is asked only where somebody else has changed what the write touches', () => {
    const conflict = () => {
      throw new Error('not to be called');
    };
    expect(attrsAfter(row({ n: 5 }), update({ n: 6 }, { conflict, was: { n: 5 } }))).toEqual({ n: 6 });
    expect(attrsAfter(row({ n: 9 }), update({ n: 6 }, { conflict, base: 5, was: { n: 5 } }))).toEqual({
      n: 6,
    });
  });

  it('[SV2] is asked for a write behind another too, so that a sum stays a sum', () => {
    const next = update({ n: 7 }, { conflict: sum, base: 'previous', was: { n: 6 } });
    expect(attrsAfter(row({ n: 10 }), next)).toEqual({ n: 11 });
  });

  it('[SV2] must return attributes', () => {
    const late = (attrs: unknown) => update({ n: 1 }, { conflict: () => attrs as Attributes, was: { n: 5 } });
    expect(() => applyWrite(row({ n: 9 }), late(null))).toThrow('no object');
    expect(() => applyWrite(row({ n: 9 }), late({ at: undefined }))).toThrow('a undefined');
  });
});
