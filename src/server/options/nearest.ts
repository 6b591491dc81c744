/** The one of `names` that somebody who wrote `name` will have meant; undefined = none is near enough. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const written = name.toLowerCase();
  const ranked = names
    .map((known) => ({ known, steps: distance(written, known.toLowerCase()) }))
    .sort((a, b) => a.steps - b.steps);
  const [best] = ranked;
  return best && best.steps <= Math.max(1, name.length / 3) ? best.known : undefined;
}

/** How many letters have to be put in, left out or replaced to make `b` of `a` (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
