import { NativeView } from '../dom/native-view.ts';
import { onceAFrame } from '../dom/once-a-frame.ts';
import type { BoardView } from './board-view.ts';

const NAME = 'found';

/** The line of the search in the header: it tells the board, says how many were found, and marks the words in them. */
export class SearchView extends NativeView {
  readonly #board: BoardView;
  readonly #mark = onceAFrame(() => this.#markWords());

  constructor(el: HTMLElement, board: BoardView) {
    super({ el, events: { input: 'render', keydown: 'pressed' } });
    this.#board = board;
    this.listenTo(board, 'shown', this.#shown);
    board.el.addEventListener('scroll', this.#mark, { capture: true, passive: true });
    window.addEventListener('keydown', (event) => {
      if (event.key !== '/' || isTypedIn(event.target)) return;
      event.preventDefault();
      this.#input.select();
    });
  }

  override render(): this {
    this.#board.search(this.#input.value);
    return this;
  }

  pressed(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return;
    this.#input.value = '';
    this.render();
  }

  get #input(): HTMLInputElement {
    return this.part<HTMLInputElement>('search-words');
  }

  #shown(found: number | null): void {
    const text = found === null ? '' : `${found.toLocaleString('en')} found`;
    const told = this.part('search-found');
    if (told.textContent !== text) told.textContent = text;
    this.el.classList.toggle('is-none', found === 0);
    this.#mark();
  }

  /** Marked by ranges, where the browser has them: the cards' elements stay as they are. */
  #markWords(): void {
    if (!('highlights' in CSS)) return;
    const words = this.#input.value.toLowerCase().split(/\s+/).filter(Boolean);
    CSS.highlights.delete(NAME);
    if (words.length === 0) return;
    const ranges: Range[] = [];
    for (const part of this.#board.el.querySelectorAll('.card-title, .card-note'))
      for (const word of words) ranges.push(...rangesOf(part.firstChild, word));
    CSS.highlights.set(NAME, new Highlight(...ranges));
  }
}

/** Whether keys make text there: in a tick they make none. */
function isTypedIn(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox';
  return target instanceof HTMLTextAreaElement;
}

function* rangesOf(node: ChildNode | null, word: string): Iterable<Range> {
  const text = node?.textContent?.toLowerCase() ?? '';
  // Some letters are longer in lower case: then places in it are no places in the text.
  if (!node || text.length !== node.textContent?.length) return;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + word.length);
    yield range;
  }
}
