import type { Cancel } from '../../base/clock.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { Admission } from './admission.ts';

/** No timer goes further than some weeks. In milliseconds. */
const DAY = 86_400_000;

/** Who goes once it does not hold any more. */
interface Holder {
  hangUp(): Promise<void>;
}

/** What somebody was let in by, for as long as it holds. */
export class Pass {
  admission: Admission;
  readonly #parts: Pick<SessionParts, 'clock' | 'recognise'>;
  readonly #holder: Holder;
  #cancel: Cancel | null = null;
  /** How often it was asked: only the last answer counts. */
  #asked = 0;
  #isOver = false;

  constructor(parts: Pick<SessionParts, 'clock' | 'recognise'>, admission: Admission, holder: Holder) {
    this.#parts = parts;
    this.admission = admission;
    this.#holder = holder;
    this.#wait();
  }

  /** Whether it would let them in now, too. Rejects where that cannot be told. */
  async holds(): Promise<boolean> {
    const asked = ++this.#asked;
    try {
      const admission = await this.#parts.recognise(this.admission);
      // It may have been true before what was asked since.
      if (asked !== this.#asked) return true;
      this.admission = admission;
    } catch (error) {
      if (error instanceof MedullaError && error.code !== 'retry') return false;
      throw error;
    }
    this.#wait();
    return true;
  }

  end(): void {
    this.#isOver = true;
    this.#cancel?.();
  }

  #wait(): void {
    this.#cancel?.();
    const left = this.admission.until - this.#parts.clock.now();
    if (left === Number.POSITIVE_INFINITY || this.#isOver) return;
    const next = () => (left > DAY ? this.#wait() : void this.#holder.hangUp());
    this.#cancel = this.#parts.clock.after(Math.min(left, DAY), next);
  }
}
