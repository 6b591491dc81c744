import type { Cancel, Clock } from '../../base/clock.ts';
import type { Piece } from '../../protocol/tab-down.ts';
import type { Tab } from '../tabs/tab.ts';
import type { Tabs } from '../tabs/tabs.ts';

/** Pieces in one message: what a tab brings to its shape without being busy for long. */
const MOST = 500;

export interface MigratorsParts {
  readonly tabs: Tabs;
  readonly clock: Clock;
  /** Milliseconds that a tab may take for one message. */
  readonly patience: number;
}

interface Asked {
  readonly tab: Tab;
  readonly end: (pieces: readonly unknown[] | null) => void;
}

/** The tabs, as those who know how records of an older shape become records of theirs: the hub does not. */
export class Migrators {
  readonly #parts: MigratorsParts;
  readonly #asked = new Map<number, Asked>();
  /** Those that did not answer in time, or with something else. */
  readonly #silent = new WeakSet<Tab>();
  #request = 0;

  constructor(parts: MigratorsParts) {
    this.#parts = parts;
  }

  /** The tab that knows the newest shape; null where none counts its shapes. */
  get newest(): Tab | null {
    let newest: Tab | null = null;
    for (const tab of this.#parts.tabs.all())
      if (tab.recordVersion > (newest?.recordVersion ?? 0) && !this.#silent.has(tab)) newest = tab;
    return newest;
  }

  /** The pieces as the tab makes them, unparsed; null where it is gone, or says nothing in time. */
  async ask(tab: Tab, pieces: readonly Piece[]): Promise<readonly unknown[] | null> {
    const made: unknown[] = [];
    for (let at = 0; at < pieces.length; at += MOST) {
      const some = await this.#askFor(tab, pieces.slice(at, at + MOST));
      if (!some) return null;
      made.push(...some);
    }
    return made;
  }

  /** Whether it answers what is still asked. One that was silent may be asked again. */
  answered(tab: Tab, request: number, pieces: readonly unknown[]): boolean {
    const asked = this.#asked.get(request);
    asked?.end(pieces);
    return asked !== undefined || !this.#silent.delete(tab);
  }

  left(tab: Tab): void {
    for (const asked of this.#asked.values()) if (asked.tab === tab) asked.end(null);
  }

  #askFor(tab: Tab, pieces: readonly Piece[]): Promise<readonly unknown[] | null> {
    const { clock, patience, tabs } = this.#parts;
    if (tabs.get(tab.id) !== tab) return Promise.resolve(null);
    const request = ++this.#request;
    return new Promise((resolve) => {
      let cancel: Cancel = () => undefined;
      const end = (made: readonly unknown[] | null) => {
        cancel();
        this.#asked.delete(request);
        if (made?.length === pieces.length) resolve(made);
        else {
          this.#silent.add(tab);
          resolve(null);
        }
      };
      cancel = clock.after(patience, () => end(null));
      this.#asked.set(request, { tab, end });
      tab.send({ type: 'migrate', request, pieces });
    });
  }
}
