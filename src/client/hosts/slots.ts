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
  /** `localStorage`; throws where it is refused: private modes refuse the very property. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>;
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
      const slot = JSON.parse(String(storage().getItem(key)));
      if (slot.slot >= 0 && slot.url && slot.protocol) return slot;
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
        const found = current() ?? joined;
        const replace = !found || found.protocol < own.protocol || (dead && found.slot === joined?.slot);
        const slot = replace ? { ...own, slot: found ? found.slot + 1 : 0 } : found;
        joined = slot;
        try {
          if (replace) storage().setItem(key, JSON.stringify(slot));
        } catch {} // it is full, or refused: this page alone knows
        return slot;
      }),
  };
}
