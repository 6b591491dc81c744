import { expect, it } from 'vitest';
import { describeChange } from '../../demo/board/describe-change.ts';

const lists = (id: string) => `List ${id}`;

it('[DM19] says in words what the other made of the card', () => {
  const theirs = { title: 'New', note: '', done: true, list: '2', position: 'b' };
  expect(describeChange({ theirs, names: ['title', 'note', 'done', 'list', 'position'] }, lists)).toEqual([
    'changed the title to “New”',
    'cleared the note',
    'ticked it off',
    'moved it to “List 2”',
  ]);
  expect(
    describeChange({ theirs: { note: 'More', done: false }, names: ['note', 'done', 'position'] }, lists),
  ).toEqual(['changed the note to “More”', 'took it up again', 'moved it']);
  expect(describeChange({ theirs: null, names: ['title'] }, lists)).toEqual(['deleted this card']);
});
