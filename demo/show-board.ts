import type { Board } from './board/board.ts';
import { refusalOf } from './board/describe-write.ts';
import { writeIdentity } from './board/identity.ts';
import { BoardView } from './views/board-view.ts';
import { LineView } from './views/line-view.ts';
import { askName } from './views/name-dialog.ts';
import { OutboxView } from './views/outbox-view.ts';
import { PeopleView } from './views/people-view.ts';
import { SearchView } from './views/search-view.ts';
import { type Say, ToastsView } from './views/toasts-view.ts';

/** Puts the views on the page; returns how to tell the person something. */
export function showBoard(
  board: Board,
  setLine: (open: boolean) => unknown,
  isNew: boolean,
  keptName: () => string,
): Say {
  const { status, outbox } = board.bridge;
  const { say } = new ToastsView(by('toasts'));
  const view = new BoardView(by('board'), board, say);
  const panel = new OutboxView(by('outbox'), by('outbox-button'), board);
  new LineView(by('connection'), status, setLine);

  const rename = (): void =>
    askName(by('name-dialog') as HTMLDialogElement, board.me.name, (name) => {
      board.me = { ...board.me, name };
      writeIdentity(localStorage, board.me);
      board.saveName();
      people.render();
    });
  const people = new PeopleView(by('people'), board, rename);
  if (isNew) rename();

  outbox.on('change:state add', (item) => {
    if (item.get('state') !== 'rejected' || !by('outbox').hidden) return;
    // A card in sight says it by itself; what has no card, or none in sight, is told.
    requestAnimationFrame(() => {
      const card = board.cards.get(item.get('record'));
      if (card && view.viewOf(card.cid)) return;
      say(`Refused: ${refusalOf(item.get('receipt')) ?? 'the server said no.'}`, {
        label: 'Decide',
        act: () => panel.toggle(),
      });
    });
  });
  board.people.on('add', (person) => board.takeName(keptName(), person));
  board.people.on('change:name', (person) => {
    if (String(person.id) === board.me.id) board.me = { ...board.me, name: keptName() };
  });
  warnOf(status, say);
  new SearchView(by('search'), view);
  foldMenus();
  return say;
}

/** What the person should know before relying on this browser. */
function warnOf(status: Board['bridge']['status'], say: Say): void {
  status.on('change:durable', () => {
    if (status.get('durable') === false)
      say(
        'This browser keeps nothing on its disk: what was not sent is lost when it closes.',
        undefined,
        'stay',
      );
  });
  status.on('change:stale', () => {
    if (status.get('stale'))
      say('A newer version of the board is open.', { label: 'Reload', act: () => location.reload() }, 'stay');
  });
}

/** A menu folds when somebody goes on elsewhere. */
function foldMenus(): void {
  const fold = (event: Event): void => {
    for (const menu of document.querySelectorAll('details[open]'))
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.removeAttribute('open');
  };
  window.addEventListener('pointerdown', fold);
  window.addEventListener('focusin', fold);
  window.addEventListener('keydown', (event) => {
    const menu = event.key === 'Escape' ? document.querySelector('details[open]') : null;
    menu?.removeAttribute('open');
    menu?.querySelector('summary')?.focus();
  });
}

function by(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`Cannot find #${id} in the page`);
  return found;
}
