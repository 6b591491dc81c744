import type { Followed } from '../../protocol/server-down.ts';
import type { PageBounds } from '../store.ts';
import { weigh } from './weigh.ts';

/** So many whole pages are in one answer at most: a thousand of them would be more than a process can hold. */
const MOST_PAGES = 16;

/** How much each topic of one answer may have of it. */
export class AnswerBounds {
  /** Its first page: the rest of it is asked for page by page. */
  readonly page: PageBounds;
  #left: number;
  /** Not weighed yet: after the last one nobody asks. */
  #last: Followed | null = null;

  constructor({ rows, bytes }: PageBounds, topics: number) {
    this.page = { rows, bytes: Math.ceil(bytes / Math.max(1, topics / MOST_PAGES)) };
    this.#left = MOST_PAGES * bytes;
  }

  /** Bytes of what the next one has missed: beyond that a snapshot is less. */
  get missed(): number {
    if (this.#last?.type === 'changes') this.#left -= weigh(this.#last.changes.entries);
    this.#last = null;
    return Math.max(this.#left, this.page.bytes);
  }

  /** One of them was answered. */
  count(answer: Followed): void {
    this.#last = answer;
  }
}
