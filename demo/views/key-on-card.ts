import type { Board } from '../board/board.ts';
import type { Card } from '../board/card.ts';

/**
 * What a key does on a card that has the focus: Alt with an arrow moves it, Delete deletes it, an arrow alone goes to
 * its neighbour. Returns whether the key moved the card (then the caller keeps the focus on it).
 */
export function keyOnCard(
  event: KeyboardEvent,
  card: Card,
  board: Board,
  erase: (card: Card) => void,
): boolean {
  if (event.target instanceof HTMLTextAreaElement) return false;
  if (event.key === 'Delete') {
    if (!focusNeighbour(event.target as Element, 'ArrowDown'))
      focusNeighbour(event.target as Element, 'ArrowUp');
    erase(card);
    return false;
  }
  if (!event.key.startsWith('Arrow')) return false;
  if (!event.altKey) {
    if (focusNeighbour(event.target as Element, event.key)) event.preventDefault();
    return false;
  }
  const lists = board.lists.map((list) => String(list.id));
  const here = lists.indexOf(card.text('list'));
  const row = board.row(lists[here] ?? '');
  const index = row.indexOf(card);
  if (event.key === 'ArrowUp' && index > 0) board.moveCard(card, lists[here] ?? '', row[index - 2] ?? null);
  if (event.key === 'ArrowDown' && index < row.length - 1)
    board.moveCard(card, lists[here] ?? '', row[index + 1] ?? null);
  const to = lists[here + (event.key === 'ArrowLeft' ? -1 : 1)];
  if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && to !== undefined)
    board.moveCard(card, to, null);
  return true;
}

/** Moves the focus; returns whether there was somewhere to go. */
function focusNeighbour(from: Element, key: string): boolean {
  const card = from.closest('.card');
  const list = card?.closest('.list');
  const beside = key === 'ArrowRight' ? list?.nextElementSibling : list?.previousElementSibling;
  const target =
    key === 'ArrowDown'
      ? card?.nextElementSibling
      : key === 'ArrowUp'
        ? card?.previousElementSibling
        : beside?.querySelector('.card');
  const body = target?.querySelector<HTMLElement>('.card-body');
  body?.focus();
  return body !== null && body !== undefined;
}
