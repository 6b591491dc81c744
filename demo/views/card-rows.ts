import type { Board } from '../board/board.ts';
import type { Card } from '../board/card.ts';
import { sightOf } from '../board/sight-of.ts';
import { element } from '../dom/element.ts';
import { NativeView } from '../dom/native-view.ts';
import { onceAFrame } from '../dom/once-a-frame.ts';
import { placeRows } from '../dom/place-rows.ts';
import { CardView } from './card-view.ts';

/** How far from the column's upper edge there are cards, in pixels: more than a screen, so that a flick of the finger meets no empty place. */
const MARGIN = 1_600;
/** Between two cards, in pixels, as in list.css. */
const GAP = 8;
/** How high a card is before there was one to measure, in pixels. */
const GUESS = 84;

/**
 * The cards of a column. Only those in sight, and some around them, are elements of the page; in place of the others
 * there is room, as high as they were when they were last seen, or as cards are on the average.
 */
export class CardRows extends NativeView {
  readonly #board: Board;
  readonly #views = new Map<string, CardView>();
  readonly #heights = new Map<string, number>();
  readonly #above = element('li', { class: 'room', 'aria-hidden': 'true' });
  readonly #below = element('li', { class: 'room', 'aria-hidden': 'true' });
  readonly #sizes = new ResizeObserver((seen) => this.#measure(seen));
  readonly #again = onceAFrame(() => this.render());
  #cards: readonly Card[] = [];
  /** Those that are elements of the page, from above. */
  #order: readonly CardView[] = [];
  #sum = 0;
  /** Kept, since to ask for it while elements are made would make the browser lay out the page each time. */
  #top = 0;

  constructor(board: Board) {
    super({ el: element('ul', { class: 'cards' }), events: { 'card-closed': 'render' } });
    this.#board = board;
    const seen = (): void => {
      this.#top = this.el.scrollTop;
      this.#again();
    };
    this.el.addEventListener('scroll', seen, { passive: true });
  }

  /** Shows these cards, in this order, moving and making as few elements as it can. */
  show(cards: readonly Card[]): void {
    this.#cards = cards;
    this.render();
  }

  override render(): this {
    const { from, to, above, below } = sightOf(
      this.#cards.length,
      this.#heightOf,
      this.#top - MARGIN,
      this.#top + MARGIN,
    );
    const shown = this.#cards.slice(from, to).map((card) => this.#viewFor(card));
    this.#order = this.#withHeld(shown, from, to);
    for (const [cid, view] of this.#views) {
      if (this.#order.includes(view)) continue;
      this.#sizes.unobserve(view.el);
      view.remove();
      this.#views.delete(cid);
    }
    const rows = this.#order.map((view) => view.el);
    placeRows(this.el, [...room(this.#above, above), ...rows, ...room(this.#below, below)]);
    return this;
  }

  /** The view of a card that is an element of the page. */
  viewOf(cid: string): CardView | undefined {
    return this.#views.get(cid);
  }

  renderPeople(): void {
    for (const view of this.#views.values()) view.renderPeople();
  }

  /** Brings a card into sight. */
  reveal(card: Card): CardView | undefined {
    const index = this.#cards.indexOf(card);
    if (index < 0) return undefined;
    if (!this.#views.has(card.cid)) {
      let top = 0;
      for (let each = 0; each < index; each++) top += this.#heightOf(each);
      this.el.scrollTop = top;
      this.#top = this.el.scrollTop;
      this.render();
    }
    return this.viewOf(card.cid);
  }

  override remove(): this {
    this.#sizes.disconnect();
    for (const view of this.#views.values()) view.remove();
    return super.remove();
  }

  #viewFor(card: Card): CardView {
    const known = this.#views.get(card.cid);
    if (known) return known;
    const view = new CardView(card, this.#board);
    this.#views.set(card.cid, view);
    this.#sizes.observe(view.el);
    return view;
  }

  /**
   * What stays though it is not in sight, or not of this column any more: a card that somebody types in, that has the
   * focus, or that is carried. Nobody else's change takes the text from under somebody's hands.
   */
  #withHeld(shown: readonly CardView[], from: number, to: number): CardView[] {
    const order = [...shown];
    for (const view of this.#order) {
      if (shown.includes(view)) continue;
      const index = this.#cards.indexOf(view.model);
      if (!view.busy && !(index >= 0 && view.el.contains(document.activeElement))) continue;
      if (index >= to) order.push(view);
      else if (index >= 0 && index < from) order.unshift(view);
      else order.splice(this.#placeOf(view, order), 0, view);
    }
    return order;
  }

  /** Behind the one that it was behind before. */
  #placeOf(view: CardView, order: readonly CardView[]): number {
    for (let index = this.#order.indexOf(view) - 1; index >= 0; index--) {
      const above = this.#order[index];
      const at = above ? order.indexOf(above) : -1;
      if (at >= 0) return at + 1;
    }
    return 0;
  }

  #measure(seen: readonly ResizeObserverEntry[]): void {
    for (const { target, borderBoxSize } of seen) {
      const cid = (target as HTMLElement).dataset.cid ?? '';
      const height = borderBoxSize[0]?.blockSize ?? 0;
      // One that has just been taken out has no height; it had one.
      if (height === 0) continue;
      this.#sum += height - (this.#heights.get(cid) ?? 0);
      this.#heights.set(cid, height);
    }
    this.#again();
  }

  #heightOf = (index: number): number => {
    const known = this.#heights.get(this.#cards[index]?.cid ?? '');
    return GAP + (known ?? (this.#heights.size > 0 ? this.#sum / this.#heights.size : GUESS));
  };
}

/** Nothing where there is none, so that nobody has to tell it from a card at either end. */
function room(row: HTMLElement, height: number): HTMLElement[] {
  if (height === 0) return [];
  const style = `${Math.round(height - GAP)}px`;
  if (row.style.height !== style) row.style.height = style;
  return [row];
}
