interface Placed {
  readonly id: string | number;
  readonly cid: string;
  readonly attributes: { readonly position?: string };
}

/**
 * Bytewise, as positions are made; then by id, so that everybody sees the same order where two people chose the same
 * place while they could not see each other.
 */
export function byPosition(a: Placed, b: Placed): number {
  return (
    compare(a.attributes.position ?? '', b.attributes.position ?? '') ||
    compare(String(a.id ?? a.cid), String(b.id ?? b.cid))
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
