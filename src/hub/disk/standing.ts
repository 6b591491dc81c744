import type { Boot } from '../../protocol/ids.ts';

/** What the database says of the hub that has it. `refilled`: that one had it before somebody emptied it, and made it anew. */
export interface Owner {
  readonly generation: number;
  readonly boot: Boot;
  readonly refilled?: boolean;
}

/**
 * How a hub stands with what the database says. Of two that had an emptied one before, the younger has it again,
 * whichever came first: the older had lost it, though it may not have known. A hub that opened it since has it from both.
 */
export function standing(row: Owner | undefined, own: Owner | undefined): 'owner' | 'emptied' | 'deposed' {
  if (row === undefined) return 'emptied';
  if (row.boot === own?.boot) return 'owner';
  return row.refilled && own && row.generation < own.generation ? 'emptied' : 'deposed';
}
