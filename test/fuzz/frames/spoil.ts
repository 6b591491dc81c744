import type { Dice } from '../../support/dice.ts';
import { ODD_NAMES, oddValue, withOwn } from './words.ts';

type Holder = Record<string, unknown>;

/** Spoils a value of JSON at some places, in its place; what it is afterwards. Most frames stay close to what is valid. */
export function spoil(value: unknown, dice: Dice): unknown {
  let spoilt = value;
  for (let left = dice.pick([0, 1, 1, 1, 2, 3]); left > 0; left--) spoilt = once(spoilt, dice);
  return spoilt;
}

function once(value: unknown, dice: Dice): unknown {
  const places = placesIn(value);
  const [holder, key] = places.length > 0 ? dice.pick(places) : [];
  if (!holder || key === undefined || dice.chance(0.02)) return oddValue(dice);
  switch (dice.int(0, 9)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 1:
      set(holder, dice.pick(ODD_NAMES.slice(0, 12)), oddValue(dice));
      break;
    case 2:
      // Something of the message itself, where it does not belong.
      set(holder, key, copyOf(dice.pick(places), 200));
      break;
    case 3:
      set(holder, key, dice.chance(0.5) ? [holder[key]] : { [dice.pick(ODD_NAMES)]: holder[key] });
      break;
    case 4:
      if (Array.isArray(holder)) holder.push(...structuredClone(holder.slice(0, 20)));
      else set(holder, dice.pick(ODD_NAMES), copyOf([holder, key], 2_000));
      break;
    default:
      set(holder, key, oddValue(dice));
  }
  return value;
}

/** A list has no names, as no list of JSON has. */
function set(holder: Holder, key: string, value: unknown): void {
  if (Array.isArray(holder))
    holder[Object.hasOwn(holder, key) && key !== 'length' ? Number(key) : holder.length] = value;
  else withOwn(key, value, holder);
}

function copyOf([holder, key]: readonly [Holder, string], most: number): unknown {
  const text = JSON.stringify(holder[key]);
  return text === undefined || text.length > most ? null : JSON.parse(text);
}

/** All places in a value, the near ones first; no deeper than a frame of ours goes by itself. */
function placesIn(value: unknown): [Holder, string][] {
  const found: [Holder, string][] = [];
  let level: unknown[] = [value];
  for (let depth = 0; depth < 8 && level.length > 0 && found.length < 500; depth++) {
    const next: unknown[] = [];
    for (const one of level) {
      if (typeof one !== 'object' || one === null) continue;
      for (const key of Object.keys(one)) {
        found.push([one as Holder, key]);
        next.push((one as Holder)[key]);
      }
    }
    level = next;
  }
  return found;
}
