import { expect, it } from 'vitest';
import { byPosition } from '../../demo/board/by-position.ts';
import { placeIn } from '../../demo/board/place-in.ts';
import { positionBetween, positionsFor } from '../../demo/board/position.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const placed = (id: string, position: string) => ({ id, cid: id, attributes: { position } });

it('[DM1] finds a place between any two, over 5,000 insertions anywhere', () => {
  const random = seededRandom(7);
  const places: string[] = [];
  for (let i = 0; i < 5_000; i++) {
    const index = Math.floor(random.next() * (places.length + 1));
    places.splice(index, 0, positionBetween(places[index - 1] ?? null, places[index] ?? null));
  }
  expect(places).toEqual([...places].sort());
  expect(new Set(places).size).toBe(places.length);
});

it.each([
  ['end', (place: string) => positionBetween(place, null)],
  ['beginning', (place: string) => positionBetween(null, place)],
])('[DM1] keeps places short, when 10,000 are added at the %s', (_end, next) => {
  let place = positionBetween(null, null);
  for (let i = 0; i < 10_000; i++) place = next(place);
  expect(place).toHaveLength(5);
});

it('[DM1] finds a place below one that was made between neighbours, again and again', () => {
  const low = positionBetween(null, null);
  let high = positionBetween(low, null);
  for (let i = 0; i < 100; i++) {
    const between = positionBetween(low, high);
    expect(low < between && between < high).toBe(true);
    high = between;
  }
});

it('[DM1] spreads a row with room in it', () => {
  const row = positionsFor(10_000);
  expect(row).toEqual([...row].sort());
  expect(positionBetween(row[0] ?? '', row[1] ?? '')).toHaveLength(5);
});

it('[DM2] puts a card behind its neighbour, and itself out of the account', () => {
  const row = [placed('a', 'V0001'), placed('b', 'V0002'), placed('c', 'V0003')];
  const [a, b, c] = row;
  const behindA = placeIn(row, c ?? null, a ?? null);
  expect('V0001' < behindA && behindA < 'V0002').toBe(true);
  expect(placeIn(row, b ?? null, a ?? null) > 'V0001').toBe(true);
  expect(placeIn(row, c ?? null, null) < 'V0001').toBe(true);
});

it('[DM2] puts a card behind all that share the place of its neighbour', () => {
  const row = [placed('a', 'V0001'), placed('b', 'V0001'), placed('c', 'V0003')];
  const place = placeIn(row, null, row[0] ?? null);
  expect('V0001' < place && place < 'V0003').toBe(true);
});

it('[DM3] orders by place, then by id', () => {
  const row = [placed('b', 'V1'), placed('z', 'V0'), placed('a', 'V1')];
  expect(row.sort(byPosition).map(({ id }) => id)).toEqual(['z', 'a', 'b']);
});
