/** For those who would rather not think of a name. */
const FIRST = [
  'Quiet',
  'Early',
  'Steady',
  'Amber',
  'Northern',
  'Swift',
  'Patient',
  'Bright',
  'Salty',
  'Mossy',
];
const SECOND = ['Otter', 'Heron', 'Badger', 'Lantern', 'Tern', 'Marten', 'Gannet', 'Lynx', 'Curlew', 'Seal'];

/** @param chance a number in [0, 1) */
export function suggestName(chance: number): string {
  const index = Math.floor(chance * FIRST.length * SECOND.length);
  return `${FIRST[index % FIRST.length]} ${SECOND[Math.floor(index / FIRST.length)]}`;
}

/** Up to two letters for a small round mark. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    letters
      .map((word) => [...(word ?? '')][0] ?? '')
      .join('')
      .toUpperCase() || '?'
  );
}

/** A hue of one's own, in degrees, the same in every browser. */
export function hueOf(id: string): number {
  let hash = 7;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 100_003;
  return (hash * 137) % 360;
}
