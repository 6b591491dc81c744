/** Milliseconds on the machine's monotonic clock: the same in every process. A page finds its distance to it by asking. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;
