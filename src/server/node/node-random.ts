import { randomFillSync } from 'node:crypto';
import type { Random } from '../../base/random.ts';

/** Bytes of one id: 128 bits. */
const SIZE = 16;

/** Draws from Node's cryptographic source, many ids at a time: every change takes one. */
export const nodeRandom: Random = pooled();

function pooled(): Random {
  const pool = Buffer.allocUnsafe(SIZE * 256);
  let next = pool.length;
  return {
    next: () => Math.random(),
    id() {
      if (next === pool.length) {
        randomFillSync(pool);
        next = 0;
      }
      next += SIZE;
      return pool.toString('base64url', next - SIZE, next);
    },
  };
}
