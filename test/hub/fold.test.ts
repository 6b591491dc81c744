import { expect, it } from 'vitest';
import { fold } from '../../src/hub/outbox/fold.ts';
import { mutationOf } from '../support/mutations.ts';

it('[OB1] folds an update into the create before it: the create has it all', () => {
  const create = mutationOf({ method: 'create', set: { title: 'A', done: false } });
  const update = mutationOf({
    n: 2,
    base: 'previous',
    set: { title: 'B' },
    unset: ['done'],
    was: { title: 'A', done: false },
  });
  expect(fold(create, update)).toEqual({ ...create, set: { title: 'B' } });
});

it('[OB1] folds two updates: later values win, what was set again is not unset, the oldest values are what was', () => {
  const first = mutationOf({ base: 3, set: { title: 'B' }, unset: ['note'], was: { title: 'A', note: 'x' } });
  const second = mutationOf({
    n: 2,
    base: 'previous',
    set: { note: 'y', rank: 1 },
    unset: ['title'],
    was: { title: 'B', rank: 0 },
  });
  expect(fold(first, second)).toEqual({
    ...first,
    set: { note: 'y', rank: 1 },
    unset: ['title'],
    was: { title: 'A', note: 'x', rank: 0 },
  });
});

it('[OB1] keeps an attribute that was not there before out of what was', () => {
  const first = mutationOf({ base: 3, set: { title: 'B' } });
  const second = mutationOf({ n: 2, set: { title: 'C' }, was: { title: 'B' } });
  expect(fold(first, second)?.was).toEqual({});
});

it('[OB1] folds whatever a delete follows into the delete', () => {
  const create = mutationOf({ method: 'create', set: { title: 'A' } });
  expect(fold(create, mutationOf({ n: 2, method: 'delete', base: 'previous' }))).toEqual({
    ...create,
    method: 'delete',
    set: {},
  });
});

it('[OB1] folds nothing after a delete, and no create into anything', () => {
  const gone = mutationOf({ method: 'delete', base: 1 });
  expect(fold(gone, mutationOf({ n: 2, method: 'create', set: { a: 1 } }))).toBeNull();
  expect(fold(gone, mutationOf({ n: 2, set: { a: 1 } }))).toBeNull();
  expect(fold(mutationOf({ set: { a: 1 } }), mutationOf({ n: 2, method: 'create' }))).toBeNull();
});
