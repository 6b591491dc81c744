/** Roughly the length of a value as JSON, told without making the text. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return value.length + 2;
  if (typeof value !== 'object' || value === null) return 4;
  let weight = 2;
  if (Array.isArray(value)) for (const item of value) weight += weigh(item) + 1;
  else for (const key in value) weight += key.length + weigh((value as Record<string, unknown>)[key]) + 4;
  return weight;
}
