import type { Card, Touch } from '../cards.ts';

/** The records of a server that has no history but a counter: what the limit and the rival keep. */
export class Records {
  readonly byId = new Map<string, Card>();
  writes = 0;

  save(card: Card): void {
    this.writes++;
    this.byId.set(card.id, card);
  }

  touch({ id, set }: Touch): void {
    const card = this.byId.get(id);
    if (card) this.save({ ...card, ...set });
  }
}
