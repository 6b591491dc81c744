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

/** Milliseconds between two looks at those who read slowly, and at the most between what is told and a look at all. */
const OFTEN = 100;

/** One reader's place among them: there are thousands. */
export interface Reading {
  readonly reader: Reader;
  type: 'told' | 'paused' | 'resuming';
  /** Called when it may be told more. */
  waiting: (() => void)[] | null;
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
  readonly #all = new Set<Reading>();
  /** Those to look at again without anything being told. */
  readonly #slow = new Set<Reading>();
  #told = 0;
  #cancel: Cancel | null = null;

  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#most = most;
  }

  add(reader: Reader): Reading {
    const reading: Reading = { reader, type: 'told', waiting: null };
    this.#all.add(reading);
    return reading;
  }

  /** Nobody waits for it any more. */
  end(reading: Reading): void {
    this.#all.delete(reading);
    this.#slow.delete(reading);
    for (const go of reading.waiting ?? []) go();
    reading.waiting = null;
  }

  /** It is to be told this alone. False where it is not to be told: changes and messages, while it does not read. */
  tells({ type }: Reading, name: string, event: unknown): boolean {
    if (type === 'paused' && LEFT_OUT.has(name)) return false;
    this.told(weigh(event));
    return true;
  }

  /** Null where it may be told more; else it resolves once it may, or is gone. */
  room(reading: Reading): Promise<void> | null {
    if (!this.#all.has(reading)) return null;
    if (!reading.waiting && reading.reader.unread() <= this.#most) return null;
    this.#slow.add(reading);
    this.#lookLater();
    return new Promise((resolve) => {
      reading.waiting = [...(reading.waiting ?? []), resolve];
    });
  }

  /** So many bytes were told to some of them. */
  told(bytes: number): void {
    this.#told += bytes;
    if (this.#told > this.#most / 4) this.#look();
    else this.#lookLater();
  }

  #lookLater(): void {
    this.#cancel ??= this.#clock.after(OFTEN, () => {
      this.#cancel = null;
      this.#look();
    });
  }

  #look(): void {
    const those = this.#told > 0 ? this.#all : this.#slow;
    this.#told = 0;
    for (const reading of those) this.#lookAt(reading);
    if (this.#slow.size > 0) this.#lookLater();
  }

  #lookAt(reading: Reading): void {
    const unread = reading.reader.unread();
    if (unread > this.#most && reading.type === 'told') {
      reading.type = 'paused';
      this.#slow.add(reading);
      reading.reader.pause();
    }
    if (unread > this.#most / 4 || !this.#slow.has(reading)) return;
    if (reading.type === 'paused') void this.#resume(reading);
    else if (reading.type === 'told') this.#slow.delete(reading);
    // One after the other: each answer may fill it again.
    const [go, ...others] = reading.waiting ?? [];
    reading.waiting = others.length > 0 ? others : null;
    if (reading.waiting) this.#slow.add(reading);
    go?.();
  }

  async #resume(reading: Reading): Promise<void> {
    reading.type = 'resuming';
    try {
      await reading.reader.resume();
      reading.type = 'told';
    } catch {
      // It is tried again at the next look.
      reading.type = 'paused';
    }
  }
}
