import type { Me } from './bridge.ts';

const KEY = 'lantern-me';

interface Kept {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Who sits at this browser: the same in all its tabs. `isNew` = nobody has said a name here yet. */
export function readIdentity(kept: Kept, newId: () => string, name: () => string): Me & { isNew: boolean } {
  try {
    const known: unknown = JSON.parse(kept.getItem(KEY) ?? 'null');
    if (typeof known === 'object' && known !== null && 'id' in known && 'name' in known)
      return { id: String(known.id), name: String(known.name), isNew: 'isNew' in known };
  } catch {
    // Something else wrote there: begin anew.
  }
  // Kept at once, so that a second tab that opens before a name was chosen is the same person.
  const me = { id: newId(), name: name(), isNew: true };
  kept.setItem(KEY, JSON.stringify(me));
  return me;
}

export function writeIdentity(kept: Kept, { id, name }: Me): void {
  kept.setItem(KEY, JSON.stringify({ id, name }));
}
