import type { Random } from '../base/random.ts';

/** Characters of one id: 132 bits. */
const SIZE = 22;
/** Written down at a time. No more: an id may keep the whole text alive that it is a piece of. */
const IDS = 16;
/** Bytes drawn at a time. */
const DRAWN = SIZE * IDS * 16;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const CODES = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));

/** Draws from the platform's cryptographic source, several ids at a time: every change takes one. */
export const pooledRandom: Random = pooled();

function pooled(): Random {
  const pool = new Uint8Array(DRAWN);
  let used = DRAWN;
  const decoder = new TextDecoder();
  let text = '';
  let next = 0;
  return {
    next: () => Math.random(),
    id() {
      if (next === text.length) {
        if (used === DRAWN) {
          crypto.getRandomValues(pool);
          used = 0;
        }
        text = decoder.decode(pool.subarray(used, used + SIZE * IDS).map((byte) => CODES[byte & 63] ?? 0));
        used += SIZE * IDS;
        next = 0;
      }
      next += SIZE;
      return text.slice(next - SIZE, next);
    },
  };
}
