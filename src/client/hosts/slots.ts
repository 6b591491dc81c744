import { equalJson } from '../../base/json.ts';
import type { Dialect } from '../../protocol/hub-configuration.ts';

/** Which worker is current: `slot` is raised to get past a dead one. */
export interface Slot {
  readonly slot: number;
  readonly url: string;
  /** Of the package; a page that recorded none is older than all. */
  readonly release?: number;
  /** What its hub was told of the dialect: hubs that were told different things would take the database from each other. */
  readonly dialect?: Dialect | undefined;
}

export interface SlotsParts {
  /** Names the configuration: server and user. */
  readonly name: string;
  readonly own: Omit<Slot, 'slot'> & { readonly release: number };
  /** `localStorage`; throws where it is refused: private modes refuse the very property. */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem'>;
  /** Runs `fn` while no other page does. */
  readonly alone: <T>(name: string, fn: () => T) => Promise<T>;
}

/**
 * The slot that all pages of this configuration join. It is replaced by compare-and-set: only by a page that found
 * dead the very slot that is still current, or that is of a newer release, or that has just been loaded and says other
 * things of the dialect. An older page never replaces a newer one's, or the two would go on for ever.
 */
export function slots({ name, own, storage, alone }: SlotsParts) {
  let joined: Slot | undefined;
  /** The last slot that this page made. */
  let made: number | undefined;
  const key = `medulla:${name}`;

  function current(): Slot | undefined {
    try {
      const slot = JSON.parse(String(storage().getItem(key)));
      if (slot.slot >= 0 && slot.url) return slot;
    } catch {} // there is none, or it is nobody's
    return undefined;
  }

  return {
    /** Whether the slot that was joined last is one that this page made: another of its own would be no better. */
    get isOwn() {
      return joined?.slot === made;
    },
    claim: (dead: boolean): Promise<Slot> =>
      alone(key, () => {
        const found = current() ?? joined;
        const { release = -1, dialect } = found ?? {};
        const replace =
          !found ||
          release < own.release ||
          (dead && found.slot === joined?.slot) ||
          (!joined && release === own.release && !equalJson(dialect, own.dialect));
        const slot = replace ? { ...own, slot: found ? found.slot + 1 : 0 } : found;
        if (replace) made = slot.slot;
        joined = slot;
        try {
          if (replace) storage().setItem(key, JSON.stringify(slot));
        } catch {} // it is full, or refused: this page alone knows
        return slot;
      }),
  };
}
