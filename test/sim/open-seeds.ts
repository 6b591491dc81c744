/** Seeds at which a promise is broken by a fault that is known and not mended yet: they are run, and told, and fail no test. */
export const OPEN_SEEDS: ReadonlyMap<number, string> = new Map([
  [
    340,
    'what a write that is not to be queued, and failed, has left in a model counts as saved once the answer to an earlier create of its record, that waited, is there: it is shown, on no server and no unsaved edit',
  ],
  [
    1336,
    'a save that waits and is taken back leaves in a page what no server has, and what counts as no unsaved edit there',
  ],
]);
