import type { LiveChanges } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { StoreChange } from '../store.ts';

/** Tells those who follow. What one topic went through in one turn of the event loop goes out as one event. */
export class Publisher {
  readonly #turn: (fn: () => void) => void;
  readonly #broadcast: (changes: LiveChanges) => void;
  #waiting = new Map<Topic, StoreChange[]>();

  constructor(turn: (fn: () => void) => void, broadcast: (changes: LiveChanges) => void) {
    this.#turn = turn;
    this.#broadcast = broadcast;
  }

  /** To be called at once after a commit, with what it changed. */
  add(changes: readonly StoreChange[]): void {
    if (changes.length && this.#waiting.size === 0) this.#turn(() => this.flush());
    for (const change of changes) {
      const waiting = this.#waiting.get(change.topic);
      if (waiting) waiting.push(change);
      else this.#waiting.set(change.topic, [change]);
    }
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const changes of waiting.values()) for (const run of runsOf(changes)) this.#broadcast(eventOf(run));
  }
}

/** Changes in the order of their offsets, cut where one is missing: another server's, which it tells by itself. */
function runsOf(changes: StoreChange[]): StoreChange[][] {
  const runs: StoreChange[][] = [];
  for (const change of changes.sort((a, b) => a.from - b.from)) {
    const run = runs.at(-1);
    if (run?.at(-1)?.cursor.offset === change.from) run.push(change);
    else runs.push([change]);
  }
  return runs;
}

export function eventOf(run: readonly StoreChange[]): LiveChanges {
  const first = run[0] as StoreChange;
  const { offset, mark } = (run.at(-1) as StoreChange).cursor;
  return {
    topic: first.topic,
    from: first.from,
    to: offset,
    mark,
    entries: run.map(({ entry }) => entry),
  };
}
