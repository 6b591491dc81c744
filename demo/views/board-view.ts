import type { Board } from '../board/board.ts';
import type { Card } from '../board/card.ts';
import { quoted } from '../board/describe-write.ts';
import { groupCards } from '../board/group-cards.ts';
import type { List } from '../board/lists.ts';
import { element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import { NativeView } from '../dom/native-view.ts';
import { onceAFrame } from '../dom/once-a-frame.ts';
import { placeRows } from '../dom/place-rows.ts';
import { followPointer } from './drag.ts';
import { keyOnCard } from './key-on-card.ts';
import { ListView } from './list-view.ts';
import type { Say } from './toasts-view.ts';

/** All columns. It turns events of the collections into one update before the next picture, and tells `shown`: how many a search has found, null = there is none. */
export class BoardView extends NativeView {
  readonly #board: Board;
  readonly #say: Say;
  readonly #views = new Map<string, ListView>();
  readonly #update = onceAFrame(() => this.update());
  /** Cards that somebody else has just brought, to be shown as such once they are there. */
  readonly #brought = new Set<string>();
  #search = '';
  #dragging = false;
  #loaded = false;
  #isFilled = false;
  readonly #newList = newList();

  constructor(el: HTMLElement, board: Board, say: Say) {
    super({
      el,
      events: {
        keydown: 'pressed',
        'card-delete .card': 'erase',
        'click .card-discard': 'discard',
        'click [data-do]': 'choose',
        'submit .new-list': 'addList',
      },
    });
    this.#board = board;
    this.#say = say;
    this.listenTo(board.lists, 'update sort reset', this.#update);
    this.listenTo(board.cards, 'update sort reset change:list change:title change:note', this.#update);
    this.listenTo(board.cards, 'change:position', this.#update);
    this.listenTo(board.lists, 'change:position', () => queueMicrotask(() => board.lists.sort()));
    this.listenTo(board.people, 'update change:at change:online change:name reset', this.#renderPeople);
    this.listenTo(board.bridge.status, 'change:connection', this.#renderPeople);
    this.listenTo(board.cards, 'add', this.#added);
    this.listenToOnce(board.cards, 'sync', () => {
      this.#isFilled = true;
    });
    this.listenTo(board.lists, 'sync', () => {
      this.#loaded = true;
      this.#update();
    });
    followPointer(el, {
      begun: () => {
        this.#dragging = true;
      },
      ended: (cid, list, previous) => {
        this.#dragging = false;
        const card = board.cards.get(cid);
        if (!card) say('Somebody has deleted that card while you carried it.');
        else if (list !== null)
          board.moveCard(card, list, previous ? (board.cards.get(previous) ?? null) : null);
        this.update();
        if (card && list !== null) this.viewOf(cid)?.focus();
      },
    });
  }

  /** Shows only cards that have all these words. */
  search(words: string): void {
    this.#search = words;
    this.#update();
  }

  update(): void {
    // What is being carried must not be moved by anybody else; the end of the drag updates.
    if (this.#dragging) return;
    const { lists, cards } = this.#board;
    const ids = lists.map((list) => String(list.id));
    const all = groupCards(this.#board.sorted(), ids, '');
    const searching = this.#search.trim() !== '';
    const found = searching ? groupCards(cards.models, ids, this.#search) : all;
    for (const [id, view] of this.#views) {
      if (all.has(id)) continue;
      view.remove();
      this.#views.delete(id);
    }
    const loaded = this.#loaded || lists.length > 0;
    this.el.classList.toggle('is-searching', searching);
    if (loaded) {
      const views = lists.map((list) => this.#views.get(String(list.id)) ?? this.#make(list));
      // Not before there are lists: a phone's board would stay snapped to it while they come in before it.
      placeRows(this.el, [...views.map((view) => view.el), this.#newList]);
      for (const view of views) {
        const id = String(view.model.id);
        view.show(found.get(id) ?? [], all.get(id)?.length ?? 0);
      }
    }
    const count = [...found.values()].reduce((sum, each) => sum + each.length, 0);
    for (const cid of this.#brought) this.viewOf(cid)?.touch();
    this.#brought.clear();
    this.trigger('shown', searching ? count : null);
  }

  viewOf(cid: string) {
    for (const view of this.#views.values()) {
      const card = view.viewOf(cid);
      if (card) return card;
    }
    return undefined;
  }

  pressed(event: KeyboardEvent): void {
    const cid = (event.target as Element).closest<HTMLElement>('.card')?.dataset.cid;
    const card = cid === undefined ? undefined : this.#board.cards.get(cid);
    if (!card || !keyOnCard(event, card, this.#board, (deleted) => this.#erase(deleted))) return;
    event.preventDefault();
    this.#focus(card);
    const row = this.#board.row(card.text('list'));
    const list = this.#board.titleOf('/lists', card.text('list'));
    this.#announce(`Moved to ${list}, place ${row.indexOf(card) + 1} of ${row.length}`);
  }

  erase(event: Event): void {
    const card = this.#cardOf(event);
    if (card) this.#erase(card);
  }

  discard(event: Event): void {
    const card = this.#cardOf(event);
    if (card) for (const item of this.#board.refusedOf(card)) item.discard();
  }

  choose(event: Event): void {
    const button = (event.target as Element).closest<HTMLElement>('[data-do]');
    const view = this.#views.get(button?.closest<HTMLElement>('.list')?.dataset.list ?? '');
    if (!view || !button) return;
    button.closest('details')?.removeAttribute('open');
    if (button.dataset.do === 'rename') view.rename();
    if (button.dataset.do === 'left') this.#board.moveList(view.model, -1);
    if (button.dataset.do === 'right') this.#board.moveList(view.model, 1);
    if (button.dataset.do !== 'delete') return;
    if (this.#board.row(String(view.model.id)).length === 0) view.model.destroy();
    else this.#say('Only an empty list can be deleted: move its cards first.');
  }

  addList(event: Event): void {
    event.preventDefault();
    const input = this.el.querySelector<HTMLInputElement>('.new-list input');
    const title = input?.value.trim() ?? '';
    if (!input || title === '') return;
    input.value = '';
    this.#board.addList(title);
  }

  #renderPeople(): void {
    for (const view of this.#views.values()) view.renderPeople();
  }

  /** For those who hear the board. */
  #announce(text: string): void {
    const announce = document.getElementById('announce');
    if (announce) announce.textContent = text;
  }

  #erase(card: Card): void {
    const bringBack = this.#board.deleteCard(card);
    const act = () => this.#focus(bringBack());
    this.#say(`Deleted ${quoted(card.text('title'))}`, { label: 'Undo', act });
  }

  /** Where it stands now, also out of sight. */
  #focus(card: Card): void {
    this.update();
    this.#views.get(card.text('list'))?.reveal(card)?.focus();
  }

  #cardOf(event: Event): Card | undefined {
    return this.#board.cards.get((event.target as Element).closest<HTMLElement>('.card')?.dataset.cid ?? '');
  }

  #make(list: List): ListView {
    const view = new ListView(list, this.#board);
    this.#views.set(String(list.id), view);
    return view;
  }

  #added(card: Card, _cards: unknown, options: { remote?: boolean } | undefined): void {
    // What is there to begin with is no news.
    if (!this.#isFilled) return;
    if (options?.remote && this.#board.isByOthers(card)) this.#brought.add(card.cid);
  }
}

function newList(): HTMLElement {
  return element(
    'form',
    { class: 'new-list composer' },
    icon('add'),
    element('input', { 'aria-label': 'Add a list', placeholder: 'Add a list', autocomplete: 'off' }),
  );
}
