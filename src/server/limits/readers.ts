import type { Cancel, Clock } from '../../base/clock.ts';
import { weigh } from './weigh.ts';

/** Who is told of changes, over a wire that it may read slowly, or not at all. */
export interface Reader {
  /** Bytes that wait until it reads them. */
  unread(): number;
  /** It is told of nothing for now. */
  pause(): void;
  /** It is told of what happens again, and where things stand. Rejects where that cannot be said now. */
  resume(): Promise<void>;
}

/** What is told again, or what nobody keeps. */
const LEFT_OUT: ReadonlySet<string> = new Set(['changes', 'message']);

/** Milliseconds between two looks at those who read slowly. */
const OFTEN = 100;

/** One that reads slowly, or waits to be told more. */
interface Slow {
  type: 'told' | 'paused' | 'resuming';
  /** Called one after the other, when it may be told more. */
  readonly waiting: (() => void)[];
}

/**
 * Bounds what is kept in memory for each that does not read what it is told. Beyond `most` bytes it is told of no change,
 * nor of the answer to what it asked; once it has read most of that, it is told where things stand, and asks for what it missed: that comes conflated,
 * or as a snapshot, at the pace at which it reads.
 *
 *   told ──more than `most`──▶ paused ──a quarter of it──▶ resuming ──▶ told
 */
export class Readers {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #all = new Set<Reader>();
  /** Those to look at again without anything being told. */
  readonly #slow = new Map<Reader, Slow>();
  #told = 0;
  #cancel: Cancel | null = null;

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  add(reader: Reader): void {
    this.#all.add(reader);
  }

  /** Nobody waits for it any more. */
  end(reader: Reader): void {
    const waiting = this.#slow.get(reader)?.waiting ?? [];
    this.#all.delete(reader);
    this.#slow.delete(reader);
    for (const go of waiting.splice(0)) go();
  }

  /** It is to be told this alone. False where it is not to be told: changes and messages, while it does not read. */
  tells(reader: Reader, name: string, event: unknown): boolean {
    if (LEFT_OUT.has(name) && this.#slow.get(reader)?.type === 'paused') return false;
    this.told(weigh(event));
    return true;
  }

  /** Null where it may be told more; else it resolves once it may, or is gone. */
  room(reader: Reader): Promise<void> | null {
    if (!this.#all.has(reader)) return null;
    const isFirst = !this.#slow.get(reader)?.waiting.length;
    if (isFirst && reader.unread() <= this.#most) return null;
    const { waiting } = this.#slowed(reader);
    this.#lookLater();
    return new Promise((resolve) => void waiting.push(resolve));
  }

  /** So many bytes were told to some of them. All are looked at only when that may have been too much for one of them: there may be many. */
  told(bytes: number): void {
    this.#told += bytes;
    if (this.#told <= this.#most / 4) return;
    this.#told = 0;
    this.#look(this.#all);
  }

  #lookLater(): void {
    this.#cancel ??= this.#clock.after(OFTEN, () => {
      this.#cancel = null;
      this.#look(this.#slow.keys());
    });
  }

  #look(those: Iterable<Reader>): void {
    for (const reader of those) this.#lookAt(reader);
    if (this.#slow.size > 0) this.#lookLater();
  }

  #slowed(reader: Reader): Slow {
    const slow = this.#slow.get(reader) ?? { type: 'told', waiting: [] };
    this.#slow.set(reader, slow);
    return slow;
  }

  #lookAt(reader: Reader): void {
    const unread = reader.unread();
    if (unread > this.#most) this.#pause(reader, this.#slowed(reader));
    const slow = this.#slow.get(reader);
    if (!slow || unread > this.#most / 4) return;
    // One after the other: each answer may fill it again.
    const go = slow.waiting.shift();
    if (slow.type === 'paused') void this.#resume(reader, slow);
    else if (slow.type === 'told' && slow.waiting.length === 0) this.#slow.delete(reader);
    go?.();
  }

  #pause(reader: Reader, slow: Slow): void {
    if (slow.type !== 'told') return;
    slow.type = 'paused';
    reader.pause();
  }

  async #resume(reader: Reader, slow: Slow): Promise<void> {
    slow.type = 'resuming';
    try {
      await reader.resume();
      slow.type = 'told';
    } catch {
      // It is told of what happens by now, and not where that begins: it is left out again until the next look.
      slow.type = 'told';
      if (this.#slow.get(reader) === slow) this.#pause(reader, slow);
    }
  }
}
