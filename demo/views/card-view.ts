import type { Board } from '../board/board.ts';
import type { Conflict } from '../board/bridge.ts';
import type { Card } from '../board/card.ts';
import { describeChange } from '../board/describe-change.ts';
import { refusalOf } from '../board/describe-write.ts';
import { hueOf, initials } from '../board/names.ts';
import { element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import { NativeView } from '../dom/native-view.ts';
import { CardEditor } from './card-editor.ts';
import { clashView } from './clash-view.ts';

const SHOWN_FOR = 2_600;

/** One card on the board. Its column hears its clicks; it hears its model. */
export class CardView extends NativeView<Card> {
  readonly #board: Board;
  #editor: CardEditor | undefined;
  #touched: ReturnType<typeof setTimeout> | undefined;

  constructor(model: Card, board: Board) {
    super({ model, tagName: 'li', className: 'card', attributes: { 'data-cid': model.cid } });
    this.#board = board;
    this.el.append(
      element('label', { class: 'tick' }, element('input', { type: 'checkbox' }), icon('check')),
      element(
        'button',
        { class: 'card-body', type: 'button', 'aria-describedby': 'card-keys' },
        element('span', { class: 'card-title' }),
        element('span', { class: 'card-note' }),
      ),
      element('span', { class: 'card-mark' }),
      element('span', { class: 'card-who' }),
    );
    this.listenTo(model, 'change', this.#changed);
    this.listenTo(model, 'medulla:state medulla:conflict standing', this.render);
    this.render();
  }

  override render(): this {
    const { model } = this;
    const title = model.text('title');
    setText(this.part('card-title'), title.trim() === '' ? 'Untitled' : title);
    setText(this.part('card-note'), model.text('note'));
    const tick = this.part('tick').firstElementChild as HTMLInputElement;
    tick.checked = model.done;
    tick.setAttribute('aria-label', `Done: ${title}`);
    this.el.classList.toggle('is-done', model.done);
    this.renderPeople();
    this.#renderState();
    return this;
  }

  /** Whether somebody's hands are at it here: it is typed in, or carried. */
  get busy(): boolean {
    return this.#editor !== undefined || this.el.classList.contains('is-carried');
  }

  /** Who changed it last, and who is writing in it elsewhere. */
  renderPeople(): void {
    const { people } = this.#board;
    const writer = this.#board.writerAt(this.model);
    const last = people.get(this.model.text('by'));
    const who = this.part('card-who');
    const shown = writer ? `${writer.name} is writing…` : last ? initials(last.name) : '';
    setText(who, shown);
    this.el.classList.toggle('is-written', writer !== undefined);
    const person = writer ?? last;
    who.title = person && !writer ? `Last changed by ${person.name}` : '';
    this.el.style.setProperty('--hue', String(hueOf(String(person?.id ?? ''))));
  }

  edit(): void {
    if (this.#editor) return;
    this.#editor = new CardEditor(this.model, this.#board, () => {
      this.#editor = undefined;
      this.el.classList.remove('is-editing');
      this.render();
      this.el.dispatchEvent(new CustomEvent('card-closed', { bubbles: true }));
    });
    this.el.classList.add('is-editing');
    this.el.append(this.#editor.el);
    this.#editor.focus();
  }

  focus(): void {
    this.part('card-body').focus({ preventScroll: true });
    this.el.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  /** Shows for a moment who has just changed it. */
  touch(): void {
    const person = this.#board.people.get(this.model.text('by'));
    this.el.querySelector('.card-by')?.remove();
    if (person) this.el.append(element('span', { class: 'card-by' }, person.name));
    this.el.classList.add('is-touched');
    clearTimeout(this.#touched);
    this.#touched = setTimeout(() => {
      this.el.classList.remove('is-touched');
      this.el.querySelector('.card-by')?.remove();
    }, SHOWN_FOR);
  }

  override remove(): this {
    clearTimeout(this.#touched);
    this.#editor?.remove();
    return super.remove();
  }

  #changed(_model: Card, options: { remote?: boolean } | undefined): void {
    this.render();
    if (options?.remote && this.#board.isByOthers(this.model)) this.touch();
  }

  #renderState(): void {
    const { state, error, conflict } = this.#board.standingOf(this.model);
    if (this.el.dataset.state === state && state !== 'rejected' && state !== 'conflict') return;
    this.el.dataset.state = state;
    this.el.querySelector('.card-refusal, .clash')?.remove();
    const mark = this.part('card-mark');
    mark.replaceChildren();
    if (state === 'pending') {
      mark.append(icon('clock'), element('span', { class: 'sr' }, 'Not sent yet'));
      mark.title = 'Kept here, not sent yet';
    }
    if (conflict) this.el.append(this.#clash(conflict));
    else if (state === 'rejected') this.el.append(refusal(error));
  }

  /** What others made of the card while it was changed here. */
  #clash({ mine, theirs, names }: Conflict): HTMLElement {
    const lists = (id: string) => this.#board.lists.get(id)?.title ?? 'another list';
    const lines = describeChange({ theirs, names }, lists);
    // After a reload, and in other tabs, the card shows theirs.
    const [own = [], shown] = [mine, this.model.attributes].map((made) =>
      describeChange({ theirs: made, names }, lists),
    );
    const { name, sign } = this.#board.lastAt(this.model.text('by'));
    const who = theirs ? { name, sign } : { name: 'Somebody', sign: '×' };
    return clashView(
      who.name,
      who.sign,
      lines,
      String(own) === String(shown) ? [] : own,
      theirs ? ['Keep mine', 'Take theirs'] : ['Keep it', 'Let it go'],
    );
  }

  /** Mine goes over theirs; what was deleted is written anew. */
  keep(): void {
    this.#board.standingOf(this.model).conflict?.resolve();
  }

  give(): void {
    this.#board.standingOf(this.model).conflict?.discard();
  }
}

function refusal(error: unknown): HTMLElement {
  return element(
    'div',
    { class: 'card-refusal' },
    icon('warning'),
    element('p', {}, refusalOf(error) ?? 'The server refused this change.'),
    element('button', { class: 'link card-edit', type: 'button' }, 'Edit'),
    element('button', { class: 'link card-discard', type: 'button' }, 'Discard'),
  );
}

/** Leaves a node alone that shows it already. */
function setText(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
