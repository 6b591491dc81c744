import { describe, expect, it } from 'vitest';
import { type Holder, piecesOf, withPieces } from '../../src/hub/migration/pieces.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import { type MutationInit, mutationOf } from '../support/mutations.ts';

const holder = (init: MutationInit, phase: Holder['phase'] = { type: 'queued' }): Holder => ({
  mutation: mutationOf(init),
  phase,
});

/** In the new shape each name has another letter in front. */
const made = (attrs: Attributes) =>
  Object.fromEntries(Object.entries(attrs).map(([name, value]) => [`x${name}`, value]));
const through = (one: Holder) =>
  withPieces(
    one,
    piecesOf(one).map(({ attrs }) => made(attrs)),
    4,
  );

describe('the pieces of a mutation', () => {
  it('[MG13] are what it sets, what was there before, and the names that it unsets', () => {
    const one = holder({ set: { a: 1 }, unset: ['b', 'c'], was: { a: 0, b: 2 }, recordVersion: 3 });
    expect(piecesOf(one)).toEqual([
      { topic: '/tasks', from: 3, partial: true, attrs: { a: 1 } },
      { topic: '/tasks', from: 3, partial: true, attrs: { a: 0, b: 2 } },
      { topic: '/tasks', from: 3, partial: true, attrs: { b: 2, c: null } },
    ]);
    expect(through(one)).toMatchObject({
      mutation: {
        set: { xa: 1 },
        unset: ['xb', 'xc'],
        was: { xa: 0, xb: 2 },
        recordVersion: 4,
        id: 'tab1:1',
      },
    });
  });

  it('[MG13] are a whole record only where it creates one, and none where it holds nothing', () => {
    expect(piecesOf(holder({ method: 'create', set: {} }))).toEqual([
      { topic: '/tasks', from: 0, partial: false, attrs: {} },
    ]);
    expect(piecesOf(holder({ method: 'delete' }))).toEqual([]);
    expect(through(holder({ method: 'delete' }))).toMatchObject({ mutation: { recordVersion: 4 } });
  });

  it('[MG13] leave out of what was there what it does not touch any more', () => {
    const one = holder({ set: { a: 1 }, was: { a: 0 } });
    const filled = withPieces(one, [{ xa: 1 }, { xa: 0, more: 'filled in' }], 4);
    expect(filled).toMatchObject({ mutation: { set: { xa: 1 }, was: { xa: 0 } } });
    expect((filled as Holder).mutation.was).not.toHaveProperty('more');
  });

  it('[MG13] are its edit that waits, and the record of its conflict', () => {
    const edited = through(holder({ set: { a: 1 } }, { type: 'withdrawing', edit: { b: 1 } }));
    expect(edited).toMatchObject({ phase: { type: 'withdrawing', edit: { xb: 1 } } });
    const current = { version: 9, attrs: { a: 5 } };
    const receipt = { type: 'conflict', ids: [], code: 'conflict', message: '', current } as const;
    const refused = holder({ set: { a: 1 } }, { type: 'rejected', receipt });
    expect(piecesOf(refused).at(-1)).toMatchObject({ partial: false, attrs: { a: 5 } });
    expect(through(refused)).toMatchObject({
      phase: { receipt: { current: { version: 9, attrs: { xa: 5 } } } },
    });
  });

  it('[MG7] say why there are none', () => {
    expect(withPieces(holder({ set: { a: 1 } }), ['Error: no'], 4)).toBe('Error: no');
    expect(withPieces(holder({ set: { a: 1 } }), [[1]], 4)).toContain('not attributes');
  });
});
