import { positionsFor } from '../board/position.ts';
import type { StarterRecord } from './starter-board.ts';

const ACTS = [
  'Check',
  'Replace',
  'Order',
  'Measure',
  'Clean',
  'Photograph',
  'Book',
  'Repair',
  'Label',
  'Move',
];
const THINGS = [
  'the pump',
  'the emergency lamp',
  'the grout hose',
  'the water inflow',
  'the air filter',
  'the crack in the lining',
  'the hand rail',
  'the ventilation fan',
  'the cable tray',
  'the spare hoses',
  'the gas meter',
  'the radio repeater',
];
const PLACES = ['at shaft', 'in cross-passage', 'at ring', 'in niche', 'on gantry', 'by pillar'];
const NOTES = [
  '',
  '',
  '',
  'Bring the long key; the valve is stiff.',
  'Ines has the drawing.',
  'Not before the morning blast. Tell the control room first, and again when you leave.',
  'Spare is in locker 4.',
  'Third time this month: note the hour when it happens.',
];

/** A source of chance that gives the same for the same seed, in [0, 1). */
export type Chance = () => number;

/**
 * `count` cards as a crew would have written them over the years, spread over the lists. `from` numbers them, so that
 * writing more adds to what is there.
 */
export function writeCards(
  count: number,
  lists: readonly string[],
  chance: Chance,
  from = 0,
): StarterRecord[] {
  const pick = (words: readonly string[]): string => words[Math.floor(chance() * words.length)] ?? '';
  const positions = positionsFor(from + count).slice(from);
  return positions.map((position, index) => {
    const list = pick(lists);
    const title = `${pick(ACTS)} ${pick(THINGS)} ${pick(PLACES)} ${1 + Math.floor(chance() * 400)}`;
    const done = list === lists.at(-1) || chance() < 0.08;
    return {
      record: `seed-${from + index + 1}`,
      set: { list, position, title, note: pick(NOTES), done, by: '' },
    };
  });
}
