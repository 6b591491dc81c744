import { positionsFor } from '../board/position.ts';

const LISTS = ['To prepare', 'This shift', 'Waiting for parts', 'Done'] as const;

/** What a new board shows: itself, tried out in a minute. List, title, note. */
const CARDS: readonly (readonly [list: number, title: string, note: string])[] = [
  [0, 'Open this page in a second tab', 'Whatever you change in one shows in the other.'],
  [
    0,
    'Take the line down with the switch at the top right',
    'Then go on working: tick, write, drag, delete.',
  ],
  [0, 'Reload the page while the line is down', 'Everything is still here, and so is what was not sent yet.'],
  [0, 'Stop the server, and reload', 'The page itself comes from the service worker.'],
  [1, 'Replace the lamp in cross-passage 14', 'Second one from the north door. The spare is in locker 4.'],
  [1, 'Read the gas meters', ''],
  [1, 'Walk the east drift with Ines before the night shift takes over', ''],
  [
    1,
    'Write a card that the server refuses',
    'Use the word “forbidden” in its title. The outbox says why, with Retry and Discard.',
  ],
  [2, 'Valve for the pump at shaft 3', 'Ordered Tuesday; ask Tomas for the number.'],
  [2, 'Cutter discs, 12 pieces', ''],
  [3, 'Order grout, 40 bags', ''],
];

export interface StarterRecord {
  readonly record: string;
  readonly set: Readonly<Record<string, string | boolean>>;
}

/** The lists that every board begins with. */
export function starterLists(): StarterRecord[] {
  const positions = positionsFor(LISTS.length);
  return LISTS.map((title, index) => ({
    record: `list-${index + 1}`,
    set: { title, position: positions[index] ?? '' },
  }));
}

export function starterCards(): StarterRecord[] {
  const positions = positionsFor(CARDS.length);
  return CARDS.map(([list, title, note], index) => ({
    record: `welcome-${index + 1}`,
    set: {
      list: `list-${list + 1}`,
      position: positions[index] ?? '',
      title,
      note,
      done: list === 3,
      by: '',
    },
  }));
}
