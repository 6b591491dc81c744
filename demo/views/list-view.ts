import type { Board } from '../board/board.ts';
import type { Card } from '../board/card.ts';
import { count } from '../board/describe-connection.ts';
import type { List } from '../board/lists.ts';
import { element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import { NativeView } from '../dom/native-view.ts';
import { CardView } from './card-view.ts';
import { listMenu } from './list-menu.ts';

/** How many cards a column shows at first, and how many more each time its end comes into sight. */
const PAGE = 40;

/** A column. It renders as much of its cards as somebody has scrolled to. */
export class ListView extends NativeView<List> {
  readonly #board: Board;
  readonly #views = new Map<string, CardView>();
  readonly #sight: IntersectionObserver;
  #cards: readonly Card[] = [];
  #limit = PAGE;

  constructor(model: List, board: Board) {
    super({
      model,
      tagName: 'section',
      className: 'list',
      attributes: { 'data-list': String(model.id), 'aria-labelledby': `title-${model.cid}` },
      events: {
        'submit .composer': 'add',
        'change .tick': 'tick',
        'click .card-body': 'open',
        'click .card-edit': 'open',
        'click .more': 'more',
        'click .list-title': 'rename',
        'change .list-rename': 'renamed',
        'keydown .list-rename': 'renaming',
        'blur .list-rename': 'render',
      },
    });
    this.#board = board;
    this.el.append(
      element(
        'header',
        { class: 'list-head' },
        element(
          'h2',
          {},
          element('button', { class: 'list-title', type: 'button', id: `title-${model.cid}` }),
        ),
        element('input', { class: 'list-rename', hidden: true, 'aria-label': 'Title of the list' }),
        element('span', { class: 'list-count' }),
        listMenu(),
      ),
      element(
        'form',
        { class: 'composer' },
        icon('add'),
        element('input', { 'aria-label': 'Add a card', placeholder: 'Add a card', autocomplete: 'off' }),
      ),
      element('ul', { class: 'cards' }),
    );
    this.#sight = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && this.more());
    this.listenTo(model, 'change medulla:state', this.render);
    this.render();
  }

  override render(): this {
    const title = this.part('list-title');
    title.textContent = this.model.title || 'Untitled';
    title.hidden = false;
    this.part('list-rename').hidden = true;
    this.el.dataset.state = this.#board.bridge.stateOf(this.model).state;
    return this;
  }

  /** Shows these cards, in this order, moving and making as few elements as it can. */
  show(cards: readonly Card[], total: number): void {
    this.#cards = cards;
    const shown = cards.slice(0, this.#limit);
    this.part('list-count').textContent =
      cards.length === total
        ? total.toLocaleString('en')
        : `${cards.length.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    this.el.classList.toggle('is-empty', cards.length === 0);
    const wanted = new Set(shown.map((card) => card.cid));
    for (const [cid, view] of this.#views) {
      if (wanted.has(cid)) continue;
      view.remove();
      this.#views.delete(cid);
    }
    const rows = this.part('cards');
    const focused = document.activeElement;
    shown.forEach((card, index) => {
      const { el } = this.#views.get(card.cid) ?? this.#make(card);
      const there = rows.children[index];
      if (there !== el) rows.insertBefore(el, there ?? null);
    });
    if (focused instanceof HTMLElement && focused !== document.activeElement && rows.contains(focused))
      focused.focus({ preventScroll: true });
    this.#showRest(rows, cards.length - shown.length);
  }

  /** The view of a card that is shown here. */
  viewOf(cid: string): CardView | undefined {
    return this.#views.get(cid);
  }

  more(): void {
    this.#limit += PAGE;
    this.show(this.#cards, this.#board.row(String(this.model.id)).length);
  }

  add(event: Event): void {
    event.preventDefault();
    const input = this.el.querySelector<HTMLInputElement>('.composer input');
    const title = input?.value.trim() ?? '';
    if (!input || title === '') return;
    input.value = '';
    this.#board.addCard(String(this.model.id), title);
    this.part('cards').scrollTop = 0;
  }

  tick(event: Event): void {
    const card = this.#cardOf(event);
    if (card) this.#board.change(card.model, { done: (event.target as HTMLInputElement).checked });
  }

  open(event: Event): void {
    this.#cardOf(event)?.edit();
  }

  rename(): void {
    const input = this.part<HTMLInputElement>('list-rename');
    input.value = this.model.title;
    input.hidden = false;
    this.part('list-title').hidden = true;
    input.select();
  }

  renamed(event: Event): void {
    const title = (event.target as HTMLInputElement).value.trim();
    if (title !== '' && title !== this.model.title) this.model.save({ title });
    this.render();
  }

  renaming(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.render();
    if (event.key === 'Enter') (event.target as HTMLElement).blur();
  }

  override remove(): this {
    this.#sight.disconnect();
    for (const view of this.#views.values()) view.remove();
    return super.remove();
  }

  #make(card: Card): CardView {
    const view = new CardView(card, this.#board);
    this.#views.set(card.cid, view);
    return view;
  }

  #cardOf(event: Event): CardView | undefined {
    const row = (event.target as Element).closest<HTMLElement>('.card');
    return this.#views.get(row?.dataset.cid ?? '');
  }

  #showRest(rows: HTMLElement, rest: number): void {
    let more = rows.querySelector('.more');
    if (rest === 0) {
      more?.remove();
      return;
    }
    if (!more) {
      more = element('li', { class: 'more' }, element('button', { class: 'link', type: 'button' }));
      this.#sight.observe(more);
    }
    rows.append(more);
    const button = more.firstElementChild as HTMLElement;
    button.textContent = `Show ${Math.min(PAGE, rest)} more of ${count(rest, 'card')}`;
  }
}
