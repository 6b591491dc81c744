import type { Board } from '../board/board.ts';
import type { Card } from '../board/card.ts';
import type { List } from '../board/lists.ts';
import { element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import { NativeView } from '../dom/native-view.ts';
import { CardRows } from './card-rows.ts';
import type { CardView } from './card-view.ts';
import { listMenu } from './list-menu.ts';

/** A column: its title, its menu, the line for a new card, and its cards. */
export class ListView extends NativeView<List> {
  readonly #board: Board;
  readonly #rows: CardRows;
  /** The title when somebody began to type another; null = nobody does. */
  #before: string | null = null;

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
        'click .card > .clash .clash-mine': 'keep',
        'click .card > .clash .clash-theirs': 'give',
        'click .list-title': 'rename',
        'change .list-rename': 'renamed',
        'keydown .list-rename': 'renaming',
        'blur .list-rename': 'named',
      },
    });
    this.#board = board;
    this.#rows = new CardRows(board);
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
      element('small', { class: 'list-news', role: 'status' }),
      element(
        'form',
        { class: 'composer' },
        icon('add'),
        element('input', { 'aria-label': 'Add a card', placeholder: 'Add a card', autocomplete: 'off' }),
      ),
      this.#rows.el,
    );
    this.listenTo(model, 'change medulla:state', this.render);
    this.render();
  }

  override render(): this {
    this.part('list-title').textContent = this.model.title || 'Untitled';
    // What somebody is typing stays, whatever others call the list meanwhile: they see it below.
    const isTyping = this.#before !== null;
    const isOther = isTyping && this.model.title !== this.#before;
    this.part('list-title').hidden = isTyping;
    this.part('list-rename').hidden = !isTyping;
    this.part('list-news').textContent = isOther ? `Now “${this.model.title}”. Enter keeps yours.` : '';
    this.el.dataset.state = this.#board.bridge.stateOf(this.model).state;
    return this;
  }

  /** Shows these of its `total` cards. */
  show(cards: readonly Card[], total: number): void {
    this.part('list-count').textContent =
      cards.length === total
        ? total.toLocaleString('en')
        : `${cards.length.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    this.el.classList.toggle('is-empty', cards.length === 0);
    this.#rows.show(cards);
  }

  /** The view of a card that is an element of the page here. */
  viewOf(cid: string): CardView | undefined {
    return this.#rows.viewOf(cid);
  }

  renderPeople(): void {
    this.#rows.renderPeople();
  }

  /** Brings a card of this column into sight. */
  reveal(card: Card): CardView | undefined {
    return this.#rows.reveal(card);
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

  keep(event: Event): void {
    this.#cardOf(event)?.keep();
  }

  give(event: Event): void {
    this.#cardOf(event)?.give();
  }

  rename(): void {
    const input = this.part<HTMLInputElement>('list-rename');
    input.value = this.model.title;
    this.#before = this.model.title;
    this.render();
    input.select();
  }

  renamed(event: Event): void {
    const title = (event.target as HTMLInputElement).value.trim();
    const isNew = title !== '' && title !== this.#before && title !== this.model.title;
    this.named();
    if (isNew) this.model.save({ title });
  }

  /** Nobody types any more. */
  named(): void {
    this.#before = null;
    this.render();
  }

  renaming(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.named();
    if (event.key === 'Enter') (event.target as HTMLElement).blur();
  }

  override remove(): this {
    this.#rows.remove();
    return super.remove();
  }

  #cardOf(event: Event): CardView | undefined {
    const row = (event.target as Element).closest<HTMLElement>('.card');
    return this.#rows.viewOf(row?.dataset.cid ?? '');
  }
}
