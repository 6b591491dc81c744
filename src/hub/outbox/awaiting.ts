import type { Cursor } from '../../protocol/change.ts';
import type { Epoch, Topic } from '../../protocol/ids.ts';
import type { Welcome } from '../../protocol/server-down.ts';
import type { Entry } from './entry.ts';

/** What tells one life of a topic's log from another: its epoch, or the link over which it was heard of; null = a link of an earlier hub. */
type Life = Epoch | Welcome | null;

/**
 * The mutations whose effect is there, above their topic's cursor, by offset: changes come by the thousand, and each
 * looks only at what it brings.
 */
export class Awaiting {
  readonly #topics = new Map<Topic, Map<Life, Entry[]>>();

  add(entry: Entry): void {
    const { topic } = entry.mutation;
    const lives = this.#topics.get(topic) ?? new Map<Life, Entry[]>();
    this.#topics.set(topic, lives);
    const entries = lives.get(lifeOf(entry)) ?? [];
    lives.set(lifeOf(entry), entries);
    const last = entries.at(-1);
    if (last && offsetOf(last) > offsetOf(entry)) entries.splice(above(entries, offsetOf(entry)), 0, entry);
    else entries.push(entry);
  }

  delete(entry: Entry): void {
    const { topic } = entry.mutation;
    const lives = this.#topics.get(topic);
    const entries = lives?.get(lifeOf(entry)) ?? [];
    // All of a fold share an offset.
    const at = entries.indexOf(entry, above(entries, offsetOf(entry) - 1));
    if (at >= 0) entries.splice(at, 1);
    if (entries.length === 0) lives?.delete(lifeOf(entry));
    if (lives?.size === 0) this.#topics.delete(topic);
  }

  topics(): Topic[] {
    return [...this.#topics.keys()];
  }

  of(topic: Topic): Entry[] {
    return [...(this.#topics.get(topic)?.values() ?? [])].flat();
  }

  /** Those that are of another life than this. */
  elsewhere(topic: Topic, epoch: Epoch): Entry[] {
    const lives = [...(this.#topics.get(topic) ?? [])];
    return lives.flatMap(([life, entries]) => (life === epoch ? [] : entries));
  }

  /** Those whose effect the cursor includes. */
  arrived(topic: Topic, cursor: Cursor, welcome: Welcome | null): Entry[] {
    return [...(this.#topics.get(topic) ?? [])].flatMap(([life, entries]) =>
      isNow(life, cursor, welcome)
        ? entries.slice(0, above(entries, cursor.offset))
        : entries.filter((entry) => this.hasArrived(entry, cursor, welcome)),
    );
  }

  hasArrived(entry: Entry, cursor: Cursor, welcome: Welcome | null): boolean {
    const isHere = isNow(lifeOf(entry), cursor, welcome) || isNow(linkOf(entry), cursor, welcome);
    return !isHere || offsetOf(entry) <= cursor.offset;
  }
}

/**
 * An effect in another life of the log arrives no more: it counts as arrived. What came over the same link is of the
 * same life, also where the topic had no cursor then, or is told under other rights since, in another epoch.
 */
const isNow = (life: Life, { epoch }: Cursor, welcome: Welcome | null): boolean =>
  life !== null && (life === epoch || life === welcome);

const linkOf = ({ phase }: Entry): Life => (phase.type === 'awaiting' ? phase.welcome : null);

const lifeOf = (entry: Entry): Life =>
  (entry.phase.type === 'awaiting' && entry.phase.epoch) || linkOf(entry);

function offsetOf({ phase }: Entry): number {
  return phase.type === 'awaiting' ? phase.receipt.offset : 0;
}

/** The index of the first entry above the offset. */
function above(entries: readonly Entry[], offset: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (offsetOf(entries[middle] as Entry) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
