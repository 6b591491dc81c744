import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Has V8 collect at once what nobody holds; `how` is V8's own options, by default all of it. */
export const collectGarbage: (how?: object) => void = runInNewContext('gc');
