import { expect, it } from 'vitest';
import { Turns } from '../../src/hub/dialects/sockets/turns.ts';

it('[DW5] lets calls of one name wait for each other, so that answers cannot cross, and no others', async () => {
  const turns = new Turns();
  const sent: string[] = [];
  const ask = (name: string, what: string) => turns.ask(name, () => sent.push(what));
  const all = [ask('a', 'first'), ask('a', 'second'), ask('b', 'other')];
  expect(sent).toEqual(['first', 'other']);
  expect(turns.answer('a', 1)).toBe(true);
  expect(sent).toEqual(['first', 'other', 'second']);
  expect([turns.answer('b', 3), turns.answer('a', 2)]).toEqual([true, true]);
  expect(await Promise.all(all)).toEqual([1, 2, 3]);
  expect(turns.answer('a', 4)).toBe(false);
});

it('[DW4] rejects all that wait when the link ends, without sending what had not had its turn, and what comes after', async () => {
  const turns = new Turns();
  const sent: string[] = [];
  const all = [1, 2].map((n) => turns.ask('a', () => sent.push(`${n}`)));
  turns.end();
  const late = turns.ask('a', () => sent.push('late'));
  for (const asked of [...all, late]) await expect(asked).rejects.toMatchObject({ code: 'unreachable' });
  expect(sent).toEqual(['1']);
});

it('[DW13] sends what waits behind one that is given up, and what is asked later under its name', async () => {
  const turns = new Turns();
  const sent: string[] = [];
  const [lost, unsent] = [{}, {}];
  turns.ask('a', () => sent.push('lost'), lost);
  turns.ask('a', () => sent.push('unsent'), unsent);
  const behind = turns.ask('a', () => sent.push('behind'));
  turns.leave(unsent);
  expect(sent).toEqual(['lost']);
  turns.leave(lost);
  expect(sent).toEqual(['lost', 'behind']);
  turns.answer('a', 1);
  const later = turns.ask('a', () => sent.push('later'));
  turns.answer('a', 2);
  expect([await behind, await later, sent.length]).toEqual([1, 2, 3]);
});
