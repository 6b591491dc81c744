import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes of the heap that are in use, once all is collected that nobody holds. */
export function heldBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
