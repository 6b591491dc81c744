import { CANARY } from './targets/victims.ts';

/** A place in a source, as a stack names it. */
const STACK =
  /\n\s+at |\bfile:\/\/\/|\/src\/(?:server|hub|client|protocol|base)\/|node:internal|node_modules/;

/** What mallory was told and is none of her business: another's words, or where something stands in the server's code. */
export function told(...all: readonly unknown[]): string | undefined {
  const text = all.map((one) => JSON.stringify(one)).join();
  if (text.includes(CANARY)) return `tells what is alice's: ${around(text, CANARY)}`;
  const stack = STACK.exec(text.replaceAll('\\n', '\n'))?.[0];
  return stack === undefined ? undefined : `tells of the server's code: ${around(text, stack.trim())}`;
}

function around(text: string, word: string): string {
  const at = Math.max(0, text.indexOf(word));
  return text.slice(Math.max(0, at - 80), at + 80);
}
