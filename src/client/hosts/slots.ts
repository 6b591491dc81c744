/** Which worker is current: `slot` is raised to get past a dead one. */
export interface Slot {
  readonly slot: number;
  readonly url: string;
  readonly protocol: number;
}

export interface SlotsParts {
  /** Names the configuration: server and user. */
  readonly name: string;
  readonly own: Omit<Slot, 'slot'>;
  /** `localStorage`; undefined where it is refused. */
  readonly storage: Pick<Storage, 'getItem' | 'setItem'> | undefined;
  /** Runs `fn` while no other page does. */
  readonly alone: <T>(name: string, fn: () => T) => Promise<T>;
}

/**
 * The slot that all pages of this configuration join. It is replaced by compare-and-set: only by a page that found
 * dead the very slot that is still current, or that speaks a higher protocol.
 */
export function slots({ name, own, storage, alone }: SlotsParts) {
  let joined: Slot | undefined;
  const key = `medulla:${name}`;

  function current(): Slot | undefined {
    try {
      const slot = JSON.parse(storage?.getItem(key) ?? '');
      if (typeof slot.slot === 'number' && typeof slot.url === 'string' && slot.protocol > 0) return slot;
    } catch {} // there is none, or it is nobody's
    return undefined;
  }

  return {
    /** Whether the url that was joined last is this page's own. */
    get isOwn() {
      return joined?.url === own.url;
    },
    claim: (dead: boolean): Promise<Slot> =>
      alone(key, () => {
        const found = storage ? current() : joined;
        const replace = !found || found.protocol < own.protocol || (dead && found.slot === joined?.slot);
        const slot = replace ? { ...own, slot: found ? found.slot + 1 : 0 } : found;
        joined = slot;
        if (replace) storage?.setItem(key, JSON.stringify(slot));
        return slot;
      }),
  };
}
