/** A line of what happened; `about`: the writes and records concerned; none = it concerns all. */
interface Line {
  readonly text: string;
  readonly about: readonly string[];
}

/** Lines of the whole story. */
const AROUND = 300;

/** What happened in a run, in the order in which the driver heard of it, with the seconds since its start. */
export class Story {
  readonly #lines: Line[] = [];
  readonly #start = performance.now();
  readonly #echo: ((line: string) => void) | undefined;

  constructor(echo?: (line: string) => void) {
    this.#echo = echo;
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  tell(who: string, what: string, about: readonly string[] = []): void {
    const text = `${this.seconds.toFixed(3).padStart(8)}  ${who.padEnd(8)} ${what}`;
    this.#lines.push({ text, about });
    this.#echo?.(text);
  }

  /** What concerns these writes and records; around the last mention of one, also what concerns everybody. */
  of(names: readonly string[]): string[] {
    const named = ({ about }: Line) => about.some((name) => names.includes(name));
    const last = this.#lines.findLastIndex(named);
    return this.#lines
      .filter((line, at) => named(line) || (line.about.length === 0 && at >= last - AROUND))
      .map(({ text }) => text);
  }
}
