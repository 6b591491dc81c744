/** Waits until `condition` gives something true, and returns it; asks again every few milliseconds. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  limit = 60_000,
): Promise<Exclude<T, false | undefined | null>> {
  const end = Date.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value as Exclude<T, false | undefined | null>;
    if (Date.now() > end) throw new Error(`Gave up waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}
