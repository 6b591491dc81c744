/** Seeds that failed once, with what they found: each is run first, as a test of its own. */
export const PINNED_SEEDS: readonly { readonly seed: number; readonly found: string }[] = [];
