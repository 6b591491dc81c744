import { describe, expect, it } from 'vitest';
import { clash, type Stage } from './clash.ts';

const TOLD = 'title: Old|Old > none, Theirs|Old';

/** A delete of mine was refused, since they have changed the record. */
const refused = (stage: Stage) =>
  clash({ policy: 'reject', stage, mine: [null], theirs: { title: 'Theirs' } });

describe('a delete that is refused since others have changed the record', () => {
  for (const stage of ['crossing', 'offline', 'reload'] as const) {
    it(`[CF11] is a conflict of the instance that is put back, in each tab: ${stage}`, async () => {
      const { me, sibling, ends, heard, left } = await refused(stage);
      expect([await ends(), left()]).toEqual(['Theirs|Old', [0, 1]]);
      expect(heard()).toBe(
        stage === 'reload' ? 'add / add / title=Theirs' : 'remove, add / remove, add / title=Theirs',
      );
      expect([me.told, sibling.told]).toEqual([[TOLD], [TOLD]]);
      expect(me.state).toMatchObject({ state: 'conflict', changed: [], error: { code: 'conflict' } });
    });

    for (const who of ['me', 'sibling'] as const) {
      it(`[CF11] resolve destroys it in knowledge of theirs: ${stage}, ${who}`, async () => {
        const world = await refused(stage);
        world[who].conflict.resolve();
        await world.settle();
        expect([await world.ends(), world.left()]).toEqual(['none', [0, 0]]);
      });

      it(`[CF11] discard and resolve with attributes keep it: ${stage}, ${who}`, async () => {
        const discarded = await refused(stage);
        discarded[who].conflict.discard();
        await discarded.settle();
        expect([await discarded.ends(), discarded.left()]).toEqual(['Theirs|Old', [0, 0]]);
        const kept = await refused(stage);
        kept[who].conflict.resolve({ note: 'Kept' });
        await kept.settle();
        expect([await kept.ends(), kept.left()]).toEqual(['Theirs|Kept', [0, 0]]);
        for (const { me, sibling } of [discarded, kept])
          expect([me.told, sibling.told, me.state?.state, sibling.state?.state]).toEqual([
            [TOLD],
            [TOLD],
            'clean',
            'clean',
          ]);
      });
    }
  }

  it('[CF11] leaves what is typed into the instance that is put back', async () => {
    const world = await refused('offline');
    world.me.model?.set({ title: 'Typed' });
    world.me.conflict.discard();
    await world.settle();
    expect([world.me.has, world.me.state?.changed, world.left()]).toEqual(['Typed|Old', ['title'], [0, 0]]);
  });
});
