/** Boards of cards: what is followed and written. */
export const PATTERN = '/boards/:board/cards';
export const topicOf = (board: number): string => `/boards/${board}/cards`;
