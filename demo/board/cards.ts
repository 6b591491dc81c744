import Backbone from 'backbone';
import { byPosition } from './by-position.ts';
import { Card } from './card.ts';

/** All cards of the board, in one topic: a card that changes its list stays the same record. */
export class Cards extends Backbone.Collection<Card> {
  override model = Card;
  override url = '/cards';
  override comparator = (a: Card, b: Card): number => byPosition(a, b);
  readonly follow = true;
}
