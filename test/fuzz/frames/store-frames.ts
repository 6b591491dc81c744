import { isTemporary, type MutationId, type Topic, type UserId } from '../../../src/protocol/ids.ts';
import { sent as shape } from '../../../src/protocol/server-up.ts';
import { parsePushItem } from '../../../src/server/session/parse-push.ts';
import { wholeBatches } from '../../../src/server/session/whole-batches.ts';
import type { ConflictPolicy, StoreWrite } from '../../../src/server/store.ts';
import type { Dice } from '../../support/dice.ts';
import { shapeTree } from './shape-tree.ts';
import { spoil } from './spoil.ts';
import { valid } from './valid.ts';
import { ODD_NAMES, type Words } from './words.ts';

/** A mutation as somebody may send it, and what a server may make of it besides. */
interface Item {
  readonly sent: unknown;
  readonly user: UserId;
  readonly conflict: keyof typeof POLICIES;
  readonly limit: number;
  /** What a server that judged it, filtered it or carried it out elsewhere says with it. */
  readonly rest: object;
}
/** What one commit is given. */
export type StoreFrame = readonly Item[];

const TREE = shapeTree(shape.text);
export const TOPICS = ['/tasks', '/tasks', '/other', '/\ufffd', '/😀'] as Topic[];
export const USERS = ['ann', 'bob', ''] as UserId[];

const POLICIES = {
  merge: 'merge',
  reject: 'reject',
  theirs: ({ theirs, yours }) => ({ ...yours, ...theirs }),
  throws: () => {
    throw new Error('no merge');
  },
  odd: () => ({ toString: 1, __proto__: null, n: [null] }),
} satisfies Readonly<Record<string, ConflictPolicy>>;

const TEMPORARY = '~0194d5a0-0000-7000-8000-00000000000';

/** Makes frames, each of a few mutations; now and then they are a batch. */
export function storeFrames(): (dice: Dice) => StoreFrame {
  let n = 0;
  const id = (dice: Dice) => (dice.chance(0.8) ? `m:${++n}` : dice.pick([`m:${n}`, 'm:1', ...ODD_NAMES]));
  const words: Words = {
    topic: TOPICS,
    user: USERS,
    id: [id],
    'also[]': [id],
    record: ['x', 'y', '1', 1, 2, 7.5, '\ufffd', '😀', 'a b', `${TEMPORARY}1`, `${TEMPORARY}2`],
    base: [null, 0, 1, 2, 'previous', 'previous'],
    number: [0, 1, 5],
  };
  return (dice) => {
    const size = dice.pick([1, 1, 2, 3, 6]);
    const batch = size > 1 && dice.chance(0.4) ? { id: `b:${++n}`, size } : undefined;
    return Array.from({ length: size }, () => {
      const whole = valid(TREE, dice, words) as { mutation: object };
      const mutation = { ...whole.mutation, batch };
      const sent = batch ? { mutation, also: [], number: 0 } : { ...whole, mutation };
      return {
        sent: dice.chance(0.5) ? sent : spoil(structuredClone(sent), dice),
        user: dice.pick(USERS),
        conflict: dice.pick(['merge', 'merge', 'reject', 'theirs', 'throws', 'odd'] as const),
        limit: dice.pick([10_000, 10_000, 10, 60]),
        rest: dice.pick([
          {},
          {},
          { judgedOn: dice.pick([null, 1, 2, 'previous']) },
          { images: { before: dice.pick([null, { n: 1 }]) } },
          { hidden: true },
          { silent: true },
          { elsewhere: true },
        ]),
      };
    });
  };
}

/** What of a frame comes to a store: a server takes no more than it can read, and no part of a batch. */
export function writesOf(frame: StoreFrame): StoreWrite[] {
  const parsed = wholeBatches(frame.map((item) => parsePushItem(item?.sent)));
  return parsed.flatMap((one, at): StoreWrite[] => {
    const item = frame[at];
    if (one.type !== 'sent' || !item) return [];
    const { topic, record, method, set, unset, base, was, batch } = one.sent.mutation;
    const made = method === 'create' && isTemporary(record);
    return [
      {
        ...{ ids: one.ids, user: item.user, topic, record, method, set, unset, base, was },
        ...(batch && { batch: batch.id as MutationId }),
        ...(made && { asked: true }),
        ...item.rest,
        ...{ conflict: POLICIES[item.conflict], sent: { set, unset }, limit: item.limit },
        number: one.sent.number,
      },
    ];
  });
}
