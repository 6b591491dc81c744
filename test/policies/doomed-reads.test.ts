import { describe, expect, it } from 'vitest';
import { clash, type World } from './clash.ts';

const TOLD = 'title: Old|Old > Mine|Old, none';

const reads: Record<string, (world: World) => void> = {
  'a fetch of the model': ({ me, sibling }) => {
    for (const { model } of [me, sibling]) model?.fetch();
  },
  'a fetch of the collection': ({ me, sibling }) => {
    for (const { page } of [me, sibling]) page.tasks.fetch();
  },
  'another hub': ({ here }) => here.killHub(),
};

describe('a record that was deleted under an update of mine that has no answer', () => {
  for (const [what, read] of Object.entries(reads)) {
    it(`[CF12] is not taken out by ${what}; the server’s word decides`, async () => {
      let before = '';
      const world = await clash({
        policy: 'merge',
        stage: 'crossing',
        mine: [{ title: 'Mine' }],
        theirs: null,
        async meanwhile(now) {
          read(now);
          await now.settle(900);
          before = await now.ends();
        },
      });
      // The next hub says nothing of it to those who did not write it.
      const sibling = what === 'another hub' ? 'none' : 'Mine|Old';
      expect(before).toBe(`Mine|Old / ${sibling} / none / none`);
      expect([await world.ends(), world.left()]).toEqual(['Mine|Old / none / none / none', [0, 1]]);
      expect(world.me.told).toEqual([TOLD]);
      world.me.conflict.resolve();
      await world.settle();
      expect([await world.ends(), world.left()]).toEqual(['Mine|Old', [0, 0]]);
    });
  }
});
