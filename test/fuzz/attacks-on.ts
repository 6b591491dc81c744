/** What is no match for most expressions, after much that is. */
const ENDS = ['', '\0', '\n\n', 'x', '//'];

/** Texts that begin as the expression would have it, go on with what it repeats, `length` characters of it, and end wrong. */
export function* attacksOn({ source }: RegExp, length: number): Iterable<string> {
  const plain = source.replace(/\\[dwspu]|\\[rn]|[\^$]/g, ' ').replace(/\\(.)/g, '$1');
  const own = new Set(plain.replace(/[()[\]{}|?+*\\]/g, ''));
  const letters = [...new Set(['a', '0', ' ', '/', ...own])].slice(0, 10);
  const pieces = [...letters, ...pairs(letters.slice(0, 4))];
  const begins = new Set(['', ...(plain.match(/[\w~:/ -]{2,}/g) ?? []).slice(0, 3), 'a://', '/a']);
  for (const begin of begins)
    for (const piece of pieces)
      for (const end of ENDS) yield begin + piece.repeat(Math.ceil(length / piece.length)) + end;
}

function* pairs(letters: readonly string[]): Iterable<string> {
  for (const a of letters) for (const b of letters) if (a !== b) yield a + b;
}

/** The text, of a few lengths, at which the expression takes far longer than one that reads it once; undefined = there is none. */
export function slowest(regex: RegExp): string | undefined {
  // Short ones first: what doubles with each character would never end with a long one.
  for (const length of [12, 24, 30, 20_000]) {
    for (const text of attacksOn(regex, length)) {
      if (cost(regex, text) > LIMIT && Math.min(cost(regex, text), cost(regex, text)) > LIMIT)
        return `${JSON.stringify(text.slice(0, 20))}… of ${text.length}`;
    }
  }
  return undefined;
}

/** Milliseconds of the processor: to read 20,000 characters once takes a hundredth of it, to read them once for each a multiple. */
const LIMIT = 20;

function cost(regex: RegExp, text: string): number {
  const { user } = process.cpuUsage();
  regex.test(text);
  return (process.cpuUsage().user - user) / 1_000;
}
