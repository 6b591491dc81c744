import type { Dice } from '../../support/dice.ts';
import type { Field, ShapeTree } from './shape-tree.ts';
import type { Words } from './words.ts';

/** A value of the shape. `name`: that of the field that it is in, by which a word for it is chosen. */
export function valid(tree: ShapeTree, dice: Dice, words: Words, name = ''): unknown {
  const known = words[name];
  if (known && dice.chance(0.9)) {
    const word = dice.pick(known);
    // A copy: what is spoilt here is in no other frame.
    return typeof word === 'function' ? word(dice) : structuredClone(word);
  }
  switch (tree.type) {
    case 'text':
      return dice.pick(['', 'a', 'b', 'some text', 'ä€😀', '0194d5a0-0000-7000-8000-000000000001']);
    case 'number':
      return dice.pick([0, 1, 2, 7, 100, 1.5, -1]);
    case 'flag':
      return dice.chance(0.5);
    case 'anything':
      return attributes(dice, 1);
    case 'null':
      return null;
    case 'attributes':
      return attributes(dice, 0);
    case 'dialect':
      return { ...attributes(dice, 1), name: dice.pick(['rest', 'events', 'websocket']) };
    case 'literal':
      return tree.value;
    case 'names':
      return dice.pick(tree.names);
    case 'either':
      return valid(dice.pick(tree.parts), dice, words, name);
    case 'list':
      return Array.from({ length: dice.pick([0, 1, 1, 2, 3]) }, () =>
        valid(tree.item, dice, words, `${name}[]`),
      );
    case 'tuple':
      return tree.items
        .slice(0, dice.int(tree.least, tree.items.length))
        .map((item) => valid(item, dice, words));
    case 'object':
      return object(tree.fields, dice, words);
    case 'messages': {
      const all = [...tree.kinds.keys()];
      // What holds more goes wrong in more ways.
      const large = all.filter((one) =>
        (tree.kinds.get(one) ?? []).some((field) => field.tree.type === 'list'),
      );
      const type = dice.pick(large.length > 0 && dice.chance(0.5) ? large : all);
      return { type, ...object(tree.kinds.get(type) ?? [], dice, words) };
    }
  }
}

function object(fields: readonly Field[], dice: Dice, words: Words): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const { name, tree, optional } of fields)
    if (!optional || dice.chance(0.4)) made[name] = valid(tree, dice, words, name);
  return made;
}

const NAMES = ['title', 'done', 'n', 'owner', 'a b', 'toString', 'id'];

function attributes(dice: Dice, depth: number): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (let left = dice.int(0, 3); left > 0; left--) made[dice.pick(NAMES)] = json(dice, depth);
  return made;
}

function json(dice: Dice, depth: number): unknown {
  const kind = dice.int(0, depth > 2 ? 4 : 6);
  if (kind === 5) return attributes(dice, depth + 1);
  if (kind === 6) return [json(dice, depth + 1), json(dice, depth + 1)];
  return dice.pick([null, true, 0, 1.25, 'text', '', 'ü\n"']);
}
