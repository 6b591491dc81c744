/** What every contestant writes: a card of a board, about 230 bytes of JSON, with an id of its own. */
export interface Card {
  readonly id: string;
  readonly title: string;
  readonly list: string;
  readonly position: number;
  readonly done: boolean;
  readonly note: string;
  /** When it was written, on the clock that all processes share; 0 = at the beginning. */
  readonly at: number;
}

/** Some attributes of a card that somebody changed. */
export interface Touch {
  readonly id: string;
  readonly set: Partial<Omit<Card, 'id'>>;
}

export const cardId = (i: number): string => `card-${String(i).padStart(6, '0')}`;

export const card = (i: number): Card => ({
  id: cardId(i),
  title: `Card ${i}: check the connection at platform ${i % 17}`,
  list: `list-${i % 7}`,
  position: i * 1024,
  done: i % 3 === 0,
  note: `Written down in a tunnel between two stations, number ${i}, to be sent when the line is back.`,
  at: 0,
});

export const cards = (n: number): Card[] => Array.from({ length: n }, (_, i) => card(i));

/** A change from elsewhere to card `i`. */
export const touch = (i: number, round: number, at: number): Touch => ({
  id: cardId(i),
  set: { title: `Card ${i}, seen again from elsewhere, time ${round}`, at },
});
