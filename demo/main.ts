import Backbone from 'backbone';
import { connect } from 'backbone-medulla';
import { Board } from './board/board.ts';
import { readIdentity } from './board/identity.ts';
import { suggestName } from './board/names.ts';
import { showBoard } from './show-board.ts';
import { offerUpdates } from './update-prompt.ts';

const readMe = () =>
  readIdentity(
    localStorage,
    () => crypto.randomUUID(),
    () => suggestName(Math.random()),
  );
const me = readMe();
const medulla = connect(Backbone, {
  user: me.id,
  // Read anew for each connection: another tab may have changed the name.
  auth: () => JSON.stringify(readMe()),
  routes: ['/lists', '/cards', '/people'],
}).install();

const board = new Board(medulla, me);
const say = showBoard(
  board,
  (open) => (open ? medulla.reconnect() : medulla.disconnect()),
  me.isNew,
  () => readMe().name,
);

board.lists.fetch({
  error: () => {
    const empty = document.getElementById('board-empty');
    if (empty)
      empty.textContent =
        'There is nothing here yet, and the server does not answer. The board needs it once.';
  },
});
board.cards.fetch();
board.people.fetch();
void offerUpdates(say);
