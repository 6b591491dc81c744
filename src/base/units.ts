/** What stands or falls together: the neighbours of one batch; what is of none stands by itself. */
export function units<T>(items: readonly T[], batchOf: (item: T) => string | undefined): (readonly T[])[] {
  const all: T[][] = [];
  let last: string | undefined;
  for (const item of items) {
    const batch = batchOf(item);
    const unit = all.at(-1);
    if (unit && batch !== undefined && batch === last) unit.push(item);
    else all.push([item]);
    last = batch;
  }
  return all;
}
