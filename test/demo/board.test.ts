import { expect, it } from 'vitest';
import { Card } from '../../demo/board/card.ts';
import { describeConnection } from '../../demo/board/describe-connection.ts';
import { describeWrite, refusalOf } from '../../demo/board/describe-write.ts';
import { groupCards } from '../../demo/board/group-cards.ts';
import { readIdentity, writeIdentity } from '../../demo/board/identity.ts';

const card = (list: string, title: string, note = '') =>
  new Card({ id: title, list, position: 'V', title, note, done: false, by: '' });

it('[DM4] groups cards by list, and takes one whose list is gone into the first', () => {
  const cards = [card('one', 'a'), card('two', 'b'), card('gone', 'c')];
  const groups = groupCards(cards, ['one', 'two'], '');
  expect(groups.get('one')?.map((each) => each.id)).toEqual(['a', 'c']);
  expect(groups.get('two')?.map((each) => each.id)).toEqual(['b']);
});

it('[DM4] finds cards that have all the words, in title or note, whatever their case', () => {
  const cards = [card('one', 'Read the METER', 'in shaft 3'), card('one', 'Shaft lamp')];
  const found = (words: string) => groupCards(cards, ['one'], words).get('one')?.length;
  expect([found('meter shaft'), found('shaft'), found(' lamp  meter '), found('  ')]).toEqual([1, 2, 0, 2]);
});

it.each([
  ['open', null, 0, false, 'Online', /saved/],
  ['open', null, 2, false, 'Online', /Sending 2 changes/],
  ['waiting', 'transport close', 1, false, 'No connection', /1 change kept here/],
  ['closed', null, 0, true, 'Offline', /You took the line down/],
  ['paused', 'wrong-user', 0, false, 'Paused', /somebody else/],
  ['connecting', null, 0, false, 'Connecting', /Looking/],
] as const)(
  '[DM5] tells a line that is %s (%s, %i waiting)',
  (connection, reason, pending, switchedOff, label, sentence) => {
    const words = describeConnection({ connection, reason, pending, switchedOff, attempts: 0 });
    expect(words.label).toBe(label);
    expect(words.sentence).toMatch(sentence);
  },
);

it.each([
  ['connecting', 0, false, 'Connecting', undefined],
  ['waiting', 1, false, 'No connection', 'Try now'],
  ['connecting', 1, false, 'No connection', 'Trying…'],
  ['paused', 2, false, 'Paused', 'Try now'],
  ['closed', 2, true, 'Offline', undefined],
  ['open', 0, false, 'Online', undefined],
] as const)(
  '[DM5] tells a line that is %s after %i attempts that came to nothing, and lets one try again now',
  (connection, attempts, switchedOff, label, again) => {
    const words = describeConnection({ connection, reason: null, pending: 0, switchedOff, attempts });
    expect([words.label, words.again]).toEqual([label, again]);
  },
);

const titleOf = (topic: string) => (topic === '/lists' ? 'Done' : 'Pump');
it.each([
  ['/cards', 'create', { title: 'Lamp' }, 'New card “Lamp”'],
  ['/cards', 'delete', {}, 'Deleted the card “Pump”'],
  ['/cards', 'update', { list: 'x', position: 'V', by: 'me' }, 'Moved “Pump” to “Done”'],
  ['/cards', 'update', { position: 'V' }, 'Moved “Pump”'],
  ['/cards', 'update', { done: true }, 'Ticked off “Pump”'],
  ['/cards', 'update', { note: 'x' }, 'Changed the note of “Pump”'],
  ['/lists', 'create', { title: 'Later' }, 'New list “Later”'],
])('[DM6] tells a write to %s: %s %j', (topic, method, set, words) => {
  expect(describeWrite({ topic, record: '1', method, set, was: {} }, titleOf)).toBe(words);
});

it('[DM6] tells what was done to a card that others have deleted', () => {
  const write = { topic: '/cards', record: '1', method: 'update', set: { done: true }, was: {} };
  expect(describeWrite(write, () => undefined)).toBe('Ticked off a card that is gone');
  expect(describeWrite({ ...write, method: 'delete' }, () => undefined)).toBe('Deleted a card');
});

it('[DM6] tells a new title beside the old one', () => {
  const write = {
    topic: '/cards',
    record: '1',
    method: 'update',
    set: { title: 'Fan' },
    was: { title: 'Pump' },
  };
  expect(describeWrite(write, titleOf)).toBe('Renamed “Pump” to “Fan”');
});

it('[DM6] tells a refusal in the words of the schema, else in those of the receipt', () => {
  const details = { issues: [{ path: 'title', message: 'A card needs a title.' }] };
  expect(refusalOf({ message: 'title: A card needs a title.', details })).toBe('A card needs a title.');
  expect(refusalOf({ message: 'You may not.' })).toBe('You may not.');
  const said = 'Record 7 of /cards was changed by somebody else since it was loaded.';
  expect(refusalOf({ code: 'conflict', message: said })).toBe('Somebody else has changed it meanwhile.');
  expect(refusalOf({ code: 'gone', message: 'There is no record 7.' })).toMatch(/has deleted it/);
  expect(refusalOf(null)).toBeUndefined();
});

function keeping(initial?: string) {
  let kept = initial ?? null;
  return {
    getItem: () => kept,
    setItem: (_key: string, value: string) => {
      kept = value;
    },
  };
}
const read = (kept: ReturnType<typeof keeping>, id: string) =>
  readIdentity(
    kept,
    () => id,
    () => 'Quiet Otter',
  );

it('[DM7] is the same person in a second tab, before and after a name was chosen', () => {
  const kept = keeping();
  const first = read(kept, 'p1');
  expect(read(kept, 'p2')).toEqual({ id: 'p1', name: 'Quiet Otter', isNew: true });
  writeIdentity(kept, { ...first, name: 'Mara' });
  expect(read(kept, 'p3')).toEqual({ id: 'p1', name: 'Mara', isNew: false });
});

it('[DM7] begins anew where something else was kept', () => {
  expect(read(keeping('{'), 'p1')).toMatchObject({ id: 'p1', isNew: true });
  expect(read(keeping('"text"'), 'p1')).toMatchObject({ id: 'p1', isNew: true });
});
