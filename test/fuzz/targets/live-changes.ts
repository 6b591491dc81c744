import { equalJson } from '../../../src/base/json.ts';
import { Mismatch } from '../../../src/base/shape.ts';
import { type Entry, liveChanges } from '../../../src/protocol/change.ts';
import { packLive, unpackLive } from '../../../src/protocol/live.ts';
import type { Dice } from '../../support/dice.ts';
import { conforms } from '../frames/conforms.ts';
import { shapeTree } from '../frames/shape-tree.ts';
import { spoil } from '../frames/spoil.ts';
import { valid } from '../frames/valid.ts';
import type { Target } from '../target.ts';

type Live = Parameters<typeof packLive>[0];

const TREE = shapeTree(liveChanges.text);

/** Live changes as no shape describes them on the wire: what is unpacked is of the shape, and is what was packed. */
export const live: Target = {
  name: 'live changes',
  share: 8,
  each: 100_000,
  open: () => ({
    looks: true,
    frame: (dice) => spoil(packLive(changes(dice)), dice),
    feed(frame) {
      if (!Array.isArray(frame)) return undefined;
      let found: Live;
      try {
        found = unpackLive('/tasks', frame);
      } catch (error) {
        return error instanceof Mismatch ? undefined : `threw ${String(error)}`;
      }
      if (!conforms(TREE, found)) return 'took what is none';
      // Only what has whole offsets can be packed: no server has others.
      if (!Number.isSafeInteger(found.from) || found.from < 0) return undefined;
      return equalJson(unpackLive('/tasks', packLive(found)), found)
        ? undefined
        : 'is another once it is packed';
    },
  }),
};

function changes(dice: Dice): Live {
  const made = valid(TREE, dice, {}) as Live;
  const from = dice.int(0, 50);
  const entries = made.entries.map(([record, , ...rest], at): Entry => [record, from + at + 1, ...rest]);
  return { ...made, from, to: from + entries.length + dice.int(0, 2), entries };
}
