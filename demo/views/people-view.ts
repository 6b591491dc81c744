import type { Board } from '../board/board.ts';
import { count } from '../board/describe-connection.ts';
import { hueOf, initials } from '../board/names.ts';
import type { Person } from '../board/people.ts';
import { element } from '../dom/element.ts';
import { NativeView } from '../dom/native-view.ts';
import { onceAFrame } from '../dom/once-a-frame.ts';

/** How many marks the header has room for. */
const MARKS = 4;

/** Who is connected: round marks in the header, all of them by name when opened. */
export class PeopleView extends NativeView {
  readonly #board: Board;
  readonly #rename: () => void;

  constructor(el: HTMLElement, board: Board, rename: () => void) {
    super({ el, events: { 'click .people-rename': 'rename' } });
    this.#board = board;
    this.#rename = rename;
    this.listenTo(
      board.people,
      'update change sort reset',
      onceAFrame(() => this.render()),
    );
    this.listenTo(board.bridge.status, 'change:connection', this.render);
    this.render();
  }

  override render(): this {
    const { people, me, bridge } = this.#board;
    const connected = bridge.status.get('connection') === 'open';
    const others = people.filter((person) => String(person.id) !== me.id && person.online);
    const here = connected ? others : [];
    const summary = this.part('people-marks');
    summary.replaceChildren(mark(me.id, me.name, connected), ...here.slice(0, MARKS - 1).map(markOf));
    if (here.length >= MARKS)
      summary.append(element('span', { class: 'mark is-more' }, `+${here.length - MARKS + 1}`));
    summary.setAttribute(
      'aria-label',
      `${count(here.length + 1, 'person').replace('persons', 'people')} here`,
    );
    this.part('people-list').replaceChildren(
      row(mark(me.id, me.name, connected), `${me.name} (you)`, connected ? 'connected' : 'offline'),
      ...people
        .filter((person) => String(person.id) !== me.id)
        .slice(0, 30)
        .map((person) => {
          const seen = connected ? (person.online ? 'connected' : 'away') : 'not known while offline';
          return row(markOf(person), person.name, seen);
        }),
    );
    return this;
  }

  rename(): void {
    this.el.removeAttribute('open');
    this.#rename();
  }
}

const markOf = (person: Person): HTMLElement => mark(String(person.id), person.name, person.online);

function mark(id: string, name: string, here: boolean): HTMLElement {
  const style = `--hue: ${hueOf(id)}`;
  return element('span', { class: here ? 'mark' : 'mark is-away', style, title: name }, initials(name));
}

function row(sign: HTMLElement, name: string, state: string): HTMLElement {
  return element(
    'li',
    {},
    sign,
    element('span', { class: 'people-name' }, name),
    element('small', {}, state),
  );
}
