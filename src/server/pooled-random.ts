import type { Random } from '../base/random.ts';

/** Characters of one id: 132 bits. */
const SIZE = 22;
/** Drawn at a time. No more: an id may keep the whole text alive that it is a piece of. */
const IDS = 16;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODES = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));

/** Draws from the platform's cryptographic source, several ids at a time: every change takes one. */
export const pooledRandom: Random = pooled();

function pooled(): Random {
  const pool = new Uint8Array(SIZE * IDS);
  const decoder = new TextDecoder();
  let text = '';
  let next = 0;
  return {
    next: () => Math.random(),
    id() {
      if (next === text.length) {
        text = decoder.decode(crypto.getRandomValues(pool).map((byte) => CODES[byte & 63] ?? 0));
        next = 0;
      }
      next += SIZE;
      return text.slice(next - SIZE, next);
    },
  };
}
