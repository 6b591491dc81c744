import type { Board } from '../board/board.ts';
import type { Card, CardAttributes, CardText } from '../board/card.ts';
import { describeChange } from '../board/describe-change.ts';
import { element } from '../dom/element.ts';
import { NativeView } from '../dom/native-view.ts';
import { clashView } from './clash-view.ts';

/**
 * A card's title and note while somebody types. It owns its text: what others change meanwhile is taken over where
 * nothing was typed yet, and told where something was. Only the fields that were changed here are saved.
 */
export class CardEditor extends NativeView<Card> {
  readonly #board: Board;
  readonly #closed: () => void;
  /** What each field showed when nothing was typed in it. */
  readonly #before: Record<CardText, string>;
  #open = true;

  constructor(model: Card, board: Board, closed: () => void) {
    super({
      model,
      tagName: 'form',
      className: 'card-editor',
      events: {
        submit: 'save',
        keydown: 'pressed',
        input: 'grow',
        focusout: 'left',
        // The text keeps the focus (Safari gives a pressed button none), so that Cancel comes before the saving.
        'mousedown .editor-actions': 'stay',
        'mousedown .editor-news': 'stay',
        'click .editor-cancel': 'close',
        'click .editor-delete': 'erase',
        'click .clash-mine': 'keep',
        'click .clash-theirs': 'take',
      },
    });
    this.#board = board;
    this.#closed = closed;
    this.#before = { title: model.text('title'), note: model.text('note') };
    this.el.append(
      field('title', 'Title', this.#before.title),
      field('note', 'Note', this.#before.note),
      element('div', { class: 'editor-news', role: 'status' }),
      element(
        'div',
        { class: 'editor-actions' },
        element('button', { class: 'button is-main', type: 'submit' }, 'Save'),
        element('button', { class: 'button editor-cancel', type: 'button' }, 'Cancel'),
        element('button', { class: 'button is-danger editor-delete', type: 'button' }, 'Delete'),
      ),
    );
    this.listenTo(model, 'change:title change:note', this.#changed);
    this.listenTo(model, 'remove', () =>
      this.#tell(clashView('Somebody', '×', ['deleted this card'], [], ['Keep it', 'Let it go'])),
    );
    board.writeAt(model);
  }

  focus(): void {
    this.grow();
    const title = this.#field('title');
    title.focus();
    title.setSelectionRange(title.value.length, title.value.length);
    this.el.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  save(event?: Event): void {
    event?.preventDefault();
    if (!this.#open) return;
    const changed: Partial<CardAttributes> = {};
    for (const name of ['title', 'note'] as const) {
      const value = this.#field(name).value.trim();
      if (value !== this.#before[name] && value !== this.model.text(name)) changed[name] = value;
    }
    this.close();
    // Saving again is also how a refused text is tried once more.
    const refused = this.#board.standingOf(this.model).state === 'rejected';
    if (Object.keys(changed).length > 0) this.#board.change(this.model, changed);
    else if (refused) this.model.save();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const hadFocus = this.el.contains(document.activeElement);
    const card = this.el.closest('.card');
    this.remove();
    this.#board.writeAt(null);
    this.#closed();
    if (hadFocus) card?.querySelector<HTMLElement>('.card-body')?.focus({ preventScroll: true });
  }

  erase(): void {
    const card = this.el.closest('.card');
    this.close();
    card?.dispatchEvent(new CustomEvent('card-delete', { bubbles: true }));
  }

  pressed(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.key === 'Escape') this.close();
    if (event.key !== 'Enter' || event.isComposing) return;
    const inTitle = event.target === this.#field('title');
    if ((inTitle && !event.shiftKey) || event.metaKey || event.ctrlKey) this.save(event);
  }

  /** Going elsewhere saves, as a pencil would. */
  left(event: FocusEvent): void {
    const to = event.relatedTarget;
    if (to instanceof Node && this.el.contains(to)) return;
    if (to === null && !document.hasFocus()) return;
    this.save();
  }

  stay(event: Event): void {
    event.preventDefault();
  }

  grow(): void {
    for (const name of ['title', 'note'] as const) {
      const area = this.#field(name);
      area.style.height = 'auto';
      area.style.height = `${area.scrollHeight}px`;
    }
  }

  /** What was typed here goes over theirs; what they have deleted is written anew, changed or not. */
  keep(): void {
    const isGone = !this.model.collection;
    const count = this.#board.cards.length;
    this.save();
    if (isGone && this.#board.cards.length === count) this.#board.change(this.model, {});
  }

  /** Gives up what was typed here for what the others have written. */
  take(): void {
    if (!this.model.collection) {
      this.close();
      return;
    }
    for (const name of ['title', 'note'] as const) {
      this.#before[name] = this.model.text(name);
      this.#field(name).value = this.#before[name];
    }
    this.part('editor-news').replaceChildren();
    this.focus();
  }

  #changed(): void {
    for (const name of ['title', 'note'] as const) {
      const theirs = this.model.text(name);
      const area = this.#field(name);
      if (theirs === this.#before[name] || theirs === area.value) continue;
      if (area.value === this.#before[name]) {
        this.#before[name] = theirs;
        area.value = theirs;
      } else {
        const { name: who, sign } = this.#board.lastAt(this.model.text('by'));
        const change = describeChange({ theirs: { [name]: theirs }, names: [name] }, String);
        this.#tell(clashView(who, sign, change, [], ['Keep mine', 'Take theirs']));
      }
    }
    this.grow();
  }

  #tell(news: HTMLElement): void {
    this.part('editor-news').replaceChildren(news);
  }

  #field(name: CardText): HTMLTextAreaElement {
    return this.part<HTMLTextAreaElement>(`editor-${name}`);
  }
}

function field(name: CardText, label: string, value: string): HTMLTextAreaElement {
  const area = element('textarea', {
    class: `editor-${name}`,
    rows: 1,
    'aria-label': label,
    placeholder: label,
    maxlength: name === 'note' ? 4000 : undefined,
  });
  area.value = value;
  return area;
}
