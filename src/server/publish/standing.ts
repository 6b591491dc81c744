import type { Cursor } from '../../protocol/change.ts';
import { above, type Run } from './run.ts';

/** How far a topic is. */
export type Head = Pick<Cursor, 'offset' | 'mark'>;

/** So many runs wait for what is missing before them; of more the log is read anyway. */
const HELD = 100;

/** How far the followers of one topic on this node have been told, and what is held until it fits. It decides only. */
export class Standing {
  /** Those who follow here. */
  followers = 0;
  /** What has been told last; null = that is not known. */
  head: Head | null = null;
  /** The head is being asked for, or the log read: what comes meanwhile is held. */
  isAsking = false;
  /** Resolves once the first head is known: whoever reads after that misses nothing. */
  begun: Promise<void> | null = null;
  /** The greatest offset that the topic is known to have. */
  #known = 0;
  /** Made where it is needed: there may be a standing for each connection. */
  #held: Map<number, Run> | null = null;

  /** Whether there is something that the followers have not been told. */
  get isBehind(): boolean {
    return this.head !== null && this.#known > this.head.offset;
  }

  /** Something that waits begins before what was told has ended, or with another mark: it may be of another log. */
  get isDoubted(): boolean {
    const { head } = this;
    const isOther = (run: Run) => head !== null && run.from <= head.offset && !goesOn(run, head);
    return [...(this.#held?.values() ?? [])].some(isOther);
  }

  /** What can be told now that this has come, in order. */
  take(run: Run): Run[] {
    if (this.head && run.to <= this.head.offset) return [];
    this.saw(run.to);
    if (this.isAsking || !goesOn(run, this.head)) {
      if (!this.#held || this.#held.size >= HELD) this.#held = new Map();
      this.#held.set(run.from, run);
      return [];
    }
    return this.#tell(run);
  }

  /** There is a change at this offset, wherever it is. */
  saw(offset: number): void {
    this.#known = Math.max(this.#known, offset);
  }

  /** The followers have it from elsewhere up to here. What can be told now, in order. */
  moveTo(head: Head): Run[] {
    this.head = head;
    return this.#drain();
  }

  /** The store knows nothing of what was seen beyond this. */
  forget(head: Head): void {
    this.head = head;
    this.#known = head.offset;
    this.#held = null;
  }

  #tell(run: Run): Run[] {
    const fits = above(run, this.head?.offset ?? run.from);
    this.head = { offset: run.to, mark: run.mark };
    return [fits, ...this.#drain()];
  }

  #drain(): Run[] {
    const offset = this.head?.offset ?? 0;
    for (const [from, run] of this.#held ?? []) {
      if (from <= offset) this.#held?.delete(from);
      const isCut = from < offset;
      if (run.to > offset && (isCut || goesOn(run, this.head))) return this.#tell(run);
    }
    if (this.#held?.size === 0) this.#held = null;
    return [];
  }
}

/** Whether a run goes on from what was told. */
const goesOn = ({ from, since }: Run, head: Head | null): boolean =>
  !head || (from === head.offset && (since === undefined || since === head.mark));
