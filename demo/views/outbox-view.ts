import type { Board } from '../board/board.ts';
import type { Decidable } from '../board/bridge.ts';
import { count } from '../board/describe-connection.ts';
import { codeOf, describeWrite, refusalOf } from '../board/describe-write.ts';
import { element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';
import { NativeView } from '../dom/native-view.ts';
import { onceAFrame } from '../dom/once-a-frame.ts';

/** How many writes are listed one by one. */
const LISTED = 60;

/** What may be done about what others came before with, in the words of its card. What is gone takes no change any more. */
const CHOICES: Readonly<Record<string, readonly [string | null, string]>> = {
  conflict: ['Keep mine', 'Take theirs'],
  gone: [null, 'Let it go'],
};

/** What has not reached the server: waiting, or refused and to be decided. */
export class OutboxView extends NativeView {
  readonly #board: Board;
  readonly #button: HTMLElement;

  constructor(el: HTMLElement, button: HTMLElement, board: Board) {
    super({
      el,
      events: {
        'submit .outbox-retry': 'retry',
        'click .outbox-discard': 'discard',
        'click .outbox-close': 'toggle',
        keydown: 'pressed',
      },
    });
    this.#board = board;
    this.#button = button;
    button.addEventListener('click', () => this.toggle());
    const render = onceAFrame(() => this.render());
    this.listenTo(board.bridge.outbox, 'update change reset sort', render);
    this.listenTo(board.bridge.status, 'change', render);
    this.render();
  }

  toggle(): void {
    const open = this.el.toggleAttribute('hidden') === false;
    this.#button.setAttribute('aria-expanded', String(open));
    document.documentElement.toggleAttribute('data-outbox', open);
    this.render();
    (open ? this.part('outbox-close') : this.#button).focus();
  }

  pressed(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.toggle();
  }

  override render(): this {
    const { outbox, status } = this.#board.bridge;
    const rejected = Number(status.get('rejected') ?? 0);
    const pending = Number(status.get('pending') ?? 0);
    this.#renderButton(pending, rejected);
    if (this.el.hidden) return this;
    // A field that somebody types in stays as it is: the panel is drawn anew when they are done.
    if (document.activeElement instanceof HTMLInputElement && this.el.contains(document.activeElement))
      return this;
    const items = outbox.models as Decidable[];
    const refused = items.filter((item) => item.get('state') === 'rejected');
    const waiting = items.filter((item) => item.get('state') !== 'rejected');
    this.part('outbox-refused').replaceChildren(
      ...(refused.length > 0 ? [element('h3', {}, `Refused: ${count(refused.length, 'change')}`)] : []),
      ...refused.slice(0, LISTED).map((item) => this.#row(item)),
    );
    this.part('outbox-waiting').replaceChildren(
      ...(waiting.length > 0 ? [heading(waiting.length, status.get('connection') === 'open')] : []),
      ...waiting.slice(0, LISTED).map((item) => this.#row(item)),
      ...(waiting.length > LISTED
        ? [element('p', { class: 'quiet' }, `and ${waiting.length - LISTED} more`)]
        : []),
    );
    this.part('outbox-empty').hidden = items.length > 0;
    return this;
  }

  retry(event: Event): void {
    event.preventDefault();
    const item = this.#itemOf(event);
    const input = this.el.querySelector<HTMLInputElement>(
      `[data-item="${CSS.escape(item?.cid ?? '')}"] input`,
    );
    input?.blur();
    item?.retry(input ? { title: input.value.trim() } : undefined);
  }

  discard(event: Event): void {
    this.#itemOf(event)?.discard();
  }

  #renderButton(pending: number, rejected: number): void {
    const parts = [
      ...(pending > 0 ? [`${pending.toLocaleString('en')} waiting`] : []),
      ...(rejected > 0 ? [`${rejected.toLocaleString('en')} refused`] : []),
    ];
    this.#button.dataset.tone = rejected > 0 ? 'bad' : pending > 0 ? 'busy' : 'good';
    const [sum, label] = this.#button.querySelectorAll('.outbox-count, .outbox-label');
    if (sum) sum.textContent = pending + rejected > 0 ? String(pending + rejected) : '';
    if (label) label.textContent = parts.join(', ') || 'All sent';
  }

  #itemOf(event: Event): Decidable | undefined {
    const row = (event.target as Element).closest<HTMLElement>('[data-item]');
    return this.#board.bridge.outbox.get(row?.dataset.item ?? '') as Decidable | undefined;
  }

  #row(item: Decidable): HTMLElement {
    const write = item.toJSON();
    const rejected = item.get('state') === 'rejected';
    const reason = rejected ? (refusalOf(item.get('receipt')) ?? 'The server refused it.') : waitingFor(item);
    const row = element(
      'div',
      { class: rejected ? 'outbox-item is-refused' : 'outbox-item', 'data-item': item.cid },
      icon(rejected ? 'warning' : 'clock'),
      element('p', {}, describeWrite(write, this.#board.titleOf)),
      ...(reason === '' ? [] : [element('small', {}, reason)]),
    );
    if (!rejected) return row;
    const code = codeOf(item.get('receipt'));
    const [again, away] = CHOICES[code ?? ''] ?? ['Retry', 'Discard'];
    const form = element('form', { class: 'outbox-retry' });
    if (again === 'Retry' && typeof write.set.title === 'string' && write.method !== 'delete')
      form.append(element('input', { 'aria-label': 'Title', value: write.set.title }));
    if (again !== null) form.append(element('button', { class: 'button is-main', type: 'submit' }, again));
    form.append(element('button', { class: 'button outbox-discard', type: 'button' }, away));
    row.append(form);
    return row;
  }
}

function heading(waiting: number, open: boolean): HTMLElement {
  const why = open ? 'on their way' : 'kept here until the line is back';
  return element(
    'h3',
    {},
    `Waiting: ${count(waiting, 'change')}`,
    element('small', { class: 'outbox-why' }, why),
  );
}

/** What is not so with all that waits; may be nothing. */
function waitingFor(item: Decidable): string {
  if (item.get('state') === 'sent') return 'Sent; the answer is on its way.';
  if (item.get('state') === 'parked')
    return `The server could not take it yet (${count(item.get('attempts'), 'attempt')}).`;
  return '';
}
