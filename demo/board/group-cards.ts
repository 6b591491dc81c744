import type { Card } from './card.ts';

/**
 * The cards of each list, in the order in which they come. A card whose list is gone (somebody deleted it while
 * somebody else added a card without a connection) stands in the first list: nothing vanishes.
 */
export function groupCards(
  cards: readonly Card[],
  lists: readonly string[],
  search: string,
): Map<string, Card[]> {
  const groups = new Map<string, Card[]>(lists.map((id) => [id, []]));
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const home = lists[0];
  for (const card of cards) {
    if (words.length > 0 && !matches(card, words)) continue;
    const group = groups.get(card.text('list')) ?? (home === undefined ? undefined : groups.get(home));
    group?.push(card);
  }
  return groups;
}

interface Known {
  readonly title: string;
  readonly note: string;
  readonly text: string;
}

/** What each card says, in small letters: ten thousand are asked with each key that is pressed. */
const said = new WeakMap<Card, Known>();

function matches(card: Card, words: readonly string[]): boolean {
  const title = card.text('title');
  const note = card.text('note');
  let known = said.get(card);
  if (known?.title !== title || known.note !== note) {
    known = { title, note, text: `${title}\n${note}`.toLowerCase() };
    said.set(card, known);
  }
  const { text } = known;
  return words.every((word) => text.includes(word));
}
