import type { Dice } from '../support/dice.ts';
import type { Ledger } from './ledger.ts';
import { type Order, POISON, TOPICS } from './words.ts';

/** Records that all tabs make, change and delete; together with those of a name of their own a few dozen. */
const SHARED = 12;

/** Each kind as often as it stands here. */
const KINDS: readonly Order['kind'][] = [
  ...Array<'create'>(4).fill('create'),
  ...Array<'save'>(9).fill('save'),
  ...Array<'poison'>(1).fill('poison'),
  ...Array<'patch'>(6).fill('patch'),
  ...Array<'destroy'>(2).fill('destroy'),
  ...Array<'draft'>(4).fill('draft'),
  ...Array<'decide'>(3).fill('decide'),
];

/** What the person at a tab does next. */
export function order(ledger: Ledger, dice: Dice): Order {
  const mark = ledger.mark();
  const kind = dice.pick(KINDS);
  const topic = dice.pick(TOPICS);
  const title = titleOf(mark, kind === 'poison' ? POISON : dice.chance(0.08) ? 'refuse' : 'title');
  return {
    mark,
    kind,
    topic,
    chance: dice.random.next(),
    ...(kind === 'create' && dice.chance(0.6) && { id: `r${dice.int(1, SHARED)}` }),
    ...((kind === 'create' || kind === 'poison' || dice.chance(0.7)) && { title }),
    ...(dice.chance(0.1) && { wait: true }),
    ...(kind === 'decide' && { decision: dice.pick(['retry', 'discard', 'edit'] as const) }),
  };
}

export const titleOf = (mark: string, word: string) => `${word} ${mark}`;

/** Some in one turn of the page now and then, else one. */
export function orders(ledger: Ledger, dice: Dice): Order[] {
  const count = dice.chance(0.15) ? dice.int(2, 6) : 1;
  return Array.from({ length: count }, () => order(ledger, dice));
}
