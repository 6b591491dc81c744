import { describe, expect, it } from 'vitest';
import type { Entry } from '../../../src/protocol/change.ts';
import type { UserId } from '../../../src/protocol/ids.ts';
import { type Filter, Sight } from '../../../src/server/sight/sight.ts';

const viewer = { user: 'ann' as UserId, params: {}, tag: '' };
const own: Filter = ({ owner }, { user }) => owner === user;

describe('what somebody sees of a change', () => {
  const [mine, bobs] = [
    { owner: 'ann', n: 1 },
    { owner: 'bob', n: 1 },
  ];
  const by = ['a:1'] as never;
  const told = (entry: Entry, before: typeof mine | null) =>
    new Sight(viewer, own).entries([entry], [[before]]);

  it('[PE7] is the change itself, where the record was seen and is', () => {
    const entry: Entry = ['x', 2, { n: 2 }, null, by];
    expect(told(entry, mine)).toEqual([entry]);
  });

  it('[PE7] is a removal of what leaves, and a whole record of what enters', () => {
    expect(told(['x', 2, { owner: 'bob' }, null, by], mine)).toEqual([['x', 2, null, null, by]]);
    expect(told(['x', 2, { owner: 'bob' }], mine)).toEqual([['x', 2, null]]);
    expect(told(['x', 2, null], mine)).toEqual([['x', 2, null]]);
    expect(told(['x', 2, { owner: 'ann' }, null, by], bobs)).toEqual([
      ['x', 2, { owner: 'ann', n: 1 }, '*', by],
    ]);
    expect(told(['x', 2, {}, ['owner']], mine)).toEqual([['x', 2, null]]);
    expect(told(['x', 2, mine, '*'], null)).toEqual([['x', 2, mine, '*']]);
  });

  it('[PE7] is nothing, where it was not seen and is not', () => {
    expect(told(['x', 2, { n: 2 }], bobs)).toEqual([]);
    expect(told(['x', 2, null], bobs)).toEqual([]);
    expect(told(['x', 2, bobs, '*'], null)).toEqual([]);
  });

  it('[PE7] of several in one: removes what was seen at any point, and tells by its difference what was seen at all', () => {
    const fold = (entry: Entry, ...images: readonly [typeof mine | null, ...(typeof mine | null)[]]) =>
      new Sight(viewer, own).entries([entry], [images]);
    expect(fold(['x', 4, { owner: 'bob' }], bobs, mine)).toEqual([['x', 4, null]]);
    expect(fold(['x', 4, null], null, mine)).toEqual([['x', 4, null]]);
    expect(fold(['x', 4, { owner: 'bob', n: 9 }], bobs, bobs)).toEqual([]);
    expect(fold(['x', 4, { n: 9 }], mine, mine)).toEqual([['x', 4, { n: 9 }]]);
    expect(fold(['x', 4, { owner: 'ann', n: 9 }], mine, bobs)).toEqual([
      ['x', 4, { owner: 'ann', n: 9 }, '*'],
    ]);
  });

  it('[PE7] cannot be told where what it was before is not known', () => {
    expect(new Sight(viewer, own).entries([['x', 2, { n: 2 }]], undefined)).toBe(null);
    expect(new Sight(viewer, own).entries([['x', 2, { n: 2 }]], [null])).toBe(null);
    expect(new Sight(viewer).entries([['x', 2, { n: 2 }]], undefined)).toEqual([['x', 2, { n: 2 }]]);
  });

  it('[PE7] is hidden by a filter that throws, or forgets to return', () => {
    const failed: unknown[] = [];
    const throws: Filter = ({ owner }) => (owner as unknown as { a: { b: boolean } }).a.b;
    const sight = new Sight(viewer, throws, (error) => failed.push(error));
    expect(sight.rows([['x', 1, mine]])).toEqual([]);
    expect(failed).toEqual([expect.any(TypeError)]);
    expect(new Sight(viewer, (() => undefined) as never).sees('x', mine)).toBe(false);
    expect(new Sight(viewer, (() => 1) as never).sees('x', mine)).toBe(false);
  });
});
