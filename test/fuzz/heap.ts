import { collectGarbage } from '../support/collect-garbage.ts';

/** Bytes of the heap that are in use, once all is collected that nobody holds. */
export function heldBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
