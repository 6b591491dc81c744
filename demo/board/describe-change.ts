import type { CardAttributes } from './card.ts';

/** What somebody else made of a card meanwhile, in the names that matter; null = deleted. */
export interface Clash {
  readonly theirs: Readonly<Partial<CardAttributes>> | null;
  readonly names: readonly string[];
}

/** One line for each thing that both have changed: `changed the title to “Check both pumps”`. */
export function describeChange({ theirs, names }: Clash, listTitle: (id: string) => string): string[] {
  if (!theirs) return ['deleted this card'];
  const lines: string[] = [];
  if (names.includes('title')) lines.push(`changed the title to “${theirs.title ?? ''}”`);
  if (names.includes('note'))
    lines.push(theirs.note ? `changed the note to “${theirs.note}”` : 'cleared the note');
  if (names.includes('done')) lines.push(theirs.done ? 'ticked it off' : 'took it up again');
  if (names.includes('list')) lines.push(`moved it to “${listTitle(String(theirs.list))}”`);
  else if (names.includes('position')) lines.push('moved it');
  return lines;
}
