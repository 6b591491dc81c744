import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/server/resource/context.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { clash } from './clash.ts';

const theirs = { title: 'Theirs', note: 'Theirs' };

describe('a write behind one that is refused, in the same push', () => {
  const judges: Record<string, (ctx: Context) => void> = {
    'nobody looks': () => undefined,
    'the server looks at the record first': ({ current }) => current,
  };
  for (const [how, judge] of Object.entries(judges))
    it(`[CF10] does not go over what others have done: ${how}`, async () => {
      const mine = [{ title: 'Mine' }, { note: 'Mine' }];
      const world = await clash({ policy: 'reject', stage: 'reload', mine, theirs, judge });
      expect([await world.ends(), world.left()]).toEqual(['Theirs|Theirs', [0, 2]]);
    });

  it('[CF10] nor where each of many is made on the one before', async () => {
    const mine = ['A', 'B', 'C', 'D'].map((title) => ({ title }));
    const world = await clash({ policy: 'reject', stage: 'reload', mine, theirs });
    expect([await world.ends(), world.left()]).toEqual(['Theirs|Theirs', [0, 4]]);
  });

  it('[CF10] nor where that one was refused for what it was', async () => {
    const judge = ({ set }: Context) => {
      if (set.title === 'Bad') throw new Refusal('Not bad', { code: 'invalid' });
    };
    const mine = [{ title: 'Bad' }, { note: 'Mine' }];
    const world = await clash({ policy: 'reject', stage: 'reload', mine, theirs, judge });
    expect([await world.ends(), world.left()]).toEqual(['Theirs|Theirs', [0, 2]]);
  });

  it('[CF10] and where others have not touched it, it is applied', async () => {
    const mine = [{ title: 'Mine' }, { note: 'Mine' }];
    const world = await clash({ policy: 'reject', stage: 'reload', mine, theirs: { title: 'Theirs' } });
    expect([await world.ends(), world.left()]).toEqual(['Theirs|Mine', [0, 1]]);
  });
});
