import Backbone from 'backbone';
import { expect, it } from 'vitest';
import { Board } from '../../demo/board/board.ts';
import { Card, type CardAttributes } from '../../demo/board/card.ts';
import { Person } from '../../demo/board/people.ts';

function sit(name: string) {
  const bridge = {
    status: new Backbone.Model(),
    outbox: new Backbone.Collection(),
    stateOf: () => ({ state: 'clean' }),
  };
  const board = new Board(bridge, { id: 'm', name: 'Mossy Curlew' });
  const saved: unknown[] = [];
  const come = (id: string): void => {
    const person = new Person({ id, name, online: true, at: '' });
    person.save = ((attributes: object) => {
      saved.push(attributes);
    }) as never;
    board.people.add(person);
    board.takeName('Ines Roth', person);
  };
  return { board, saved, come };
}

it('[DM7] tells the name that was chosen while the connection was made under the one before', () => {
  const { board, saved, come } = sit('Mossy Curlew');
  come('somebody else');
  expect([board.me.name, saved]).toEqual(['Mossy Curlew', []]);
  come('m');
  expect([board.me.name, saved]).toEqual(['Ines Roth', [{ name: 'Ines Roth' }]]);
});

it('[DM7] saves no name that the others have already', () => {
  const { board, saved, come } = sit('Ines Roth');
  come('m');
  expect([board.me.name, saved]).toEqual(['Ines Roth', []]);
});

it("[DM20] takes what this person does in another tab for nobody else's", () => {
  const { board } = sit('Ines Roth');
  const card = new Card({ id: '1', title: 'Pump', by: 'j' } as CardAttributes);
  const shown = (state: string, attributes: Partial<CardAttributes>) => {
    board.bridge.stateOf = () => ({ state });
    card.set(attributes);
    return board.isByOthers(card);
  };
  // Until the server has answered, the card bears the name of whoever changed it before.
  expect(shown('pending', { title: 'Pump 2' })).toBe(false);
  expect(shown('clean', { by: 'm' })).toBe(false);
  expect(shown('pending', { note: 'Theirs', by: 'j' })).toBe(true);
  expect(shown('clean', { title: 'Pump 3' })).toBe(true);
});

it('[DM20] brings a deleted card back in the name of who does it', () => {
  const { board } = sit('Ines Roth');
  const made: unknown[] = [];
  board.cards.create = ((attributes: object) => made.push(attributes)) as never;
  const card = new Card({ id: '1', title: 'Pump', by: 'j' } as CardAttributes);
  card.destroy = (() => {}) as never;
  board.deleteCard(card)();
  expect(made).toEqual([{ title: 'Pump', by: 'm' }]);
});

it('[DM17] names no card in which somebody is writing while the server has not made it', () => {
  const { board, saved, come } = sit('Ines Roth');
  come('m');
  board.bridge.status.set('connection', 'open');
  board.bridge.outbox.add({ topic: '/cards', record: 'refused', method: 'create', state: 'rejected' });
  board.bridge.outbox.add({ topic: '/cards', record: 'changed', method: 'update', state: 'queued' });
  for (const id of ['refused', 'changed']) board.writeAt(new Card({ id } as CardAttributes));
  expect(saved).toEqual([{ at: 'changed' }]);
});
