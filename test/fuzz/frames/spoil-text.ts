import type { Dice } from '../../support/dice.ts';

/** What means something to Engine.IO, Socket.IO, HTTP or JSON, and stands where it should not. */
const PIECES = [
  '\0',
  '\x1e',
  '\r\n',
  '-',
  ',',
  '/',
  '/medulla,',
  '?',
  '0',
  '6',
  '5999999-',
  '51-',
  '99999999999999999999',
  '[',
  ']',
  '{',
  '}',
  '"',
  '\\u0000',
  '\\ud800',
  'null',
  '1e999',
  '{"_placeholder":true,"num":0}',
  '"__proto__":{"polluted":1},',
  'é€😀',
];

/** Spoils a text as it goes over a wire. */
export function spoilText(text: string, dice: Dice): string {
  let spoilt = text;
  for (let left = dice.pick([0, 0, 1, 1, 2, 4]); left > 0; left--) spoilt = once(spoilt, dice);
  return spoilt;
}

function once(text: string, dice: Dice): string {
  const at = dice.int(0, text.length);
  const to = dice.chance(0.7) ? at + dice.int(0, 5) : dice.int(at, text.length);
  const [before, between, after] = [text.slice(0, at), text.slice(at, to), text.slice(to)];
  switch (dice.int(0, 4)) {
    case 0:
      return before + after;
    case 1:
      return before + between + between + after;
    case 2:
      return before + String.fromCharCode(dice.int(0, 255)) + after.slice(1);
    case 3:
      return before;
    default:
      return before + dice.pick(PIECES) + between + after;
  }
}
