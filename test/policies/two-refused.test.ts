import { describe, expect, it } from 'vitest';
import { clash, type Stage } from './clash.ts';

const theirs = { title: 'Theirs', note: 'Theirs' };
const refused = (stage: Stage) =>
  clash({ policy: 'reject', stage, mine: [{ title: 'Mine' }, { note: 'Mine' }], theirs });

describe('two writes of a record that are both refused for a conflict', () => {
  for (const stage of ['offline', 'reload'] as const)
    for (const who of ['me', 'sibling'] as const) {
      it(`[CF14] are one conflict, and resolve saves all of it: ${stage}, ${who}`, async () => {
        const world = await refused(stage);
        expect([await world.left(), world[who].told.at(-1)]).toEqual([
          [0, 2],
          'title,note: Old|Old > Mine|Mine, Theirs|Theirs',
        ]);
        world[who].conflict.resolve();
        await world.settle();
        expect([await world.ends(), world.left()]).toEqual(['Mine|Mine', [0, 0]]);
        expect([world.me.state, world.sibling.state]).toMatchObject([{ state: 'clean' }, { state: 'clean' }]);
      });
    }

  for (const stage of ['offline', 'reload'] as const)
    it(`[CF14] are given up one after the other: ${stage}`, async () => {
      const world = await refused(stage);
      world.me.conflict.discard();
      await world.settle();
      expect([await world.ends(), world.left()]).toEqual(['Theirs|Theirs', [0, 1]]);
      expect(world.me.told.at(-1)).toBe('title: Old|Theirs > Mine|Theirs, Theirs|Theirs');
      world.me.conflict.discard();
      await world.settle();
      expect([await world.ends(), world.left()]).toEqual(['Theirs|Theirs', [0, 0]]);
      expect([world.me.state, world.sibling.state]).toMatchObject([{ state: 'clean' }, { state: 'clean' }]);
    });
});
