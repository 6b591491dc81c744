/** Seeds at which a promise is broken by a fault that is known and not mended yet: they are run, and told, and fail no test. */
export const OPEN_SEEDS: ReadonlyMap<number, string> = new Map([
  [
    992,
    'a write that names a record whose create was refused, and that the next create of it has to wait for, goes with the temporary id, and the server keeps that',
  ],
]);
