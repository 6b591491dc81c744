/** Seeds at which a promise is broken by a fault that is known and not mended yet: they are run, and told, and fail no test. */
export const OPEN_SEEDS: ReadonlyMap<number, string> = new Map([]);
