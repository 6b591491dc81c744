import type { HubContext } from '../context.ts';
import { restore } from '../disk/restore.ts';
import type { Op, Opened, OutboxRow, SealRow } from '../storage.ts';

/**
 * What a sign-out left. Whoever comes back without having signed in is turned away; and the writes that were kept are
 * neither shown nor sent before the server has named their user: that a page says so proves nothing.
 *
 *   sign-out ──▶ signed out ──a tab signs in──▶ sealed ──the server names the user──▶ open
 */
export class Seal {
  readonly #hub: HubContext;
  readonly #opened: () => void;
  #rows: readonly OutboxRow[] = [];
  #seal: SealRow | null = null;

  /** Takes the outbox in, but for what is sealed. `opened`: that has come too, and may be of an older shape. */
  constructor(hub: HubContext, found: Opened, opened: () => void) {
    this.#hub = hub;
    this.#opened = opened;
    this.found(found);
  }

  /** This is on the disk, at the start or later. */
  found({ outbox, seal }: Opened): void {
    const upTo = seal?.upTo ?? 0;
    this.#seal = seal ?? null;
    this.#rows = outbox.filter(({ order }) => order <= upTo);
    this.#hub.outbox.reserve(upTo);
    restore(
      this.#hub,
      outbox.filter(({ order }) => order > upTo),
    );
  }

  get signedOut(): boolean {
    return this.#seal?.signedOut ?? false;
  }

  /** How many writes are sealed. */
  get size(): number {
    return this.#seal ? this.#rows.length : 0;
  }

  /** A tab has been told that this is its user. */
  signIn(): void {
    if (!this.signedOut) return;
    this.#put(this.size > 0 ? { signedOut: false, upTo: this.#seal?.upTo ?? 0 } : null);
    this.#hub.line.open();
  }

  /** Nothing is sealed any more once the server has named the user. */
  open(): void {
    if (!this.#seal || !this.#hub.line.welcome) return;
    this.#put(null);
    restore(this.#hub, this.#rows);
    this.#opened();
  }

  /** The steps that put on a disk what is sealed, and that it is. */
  anew(): Op[] {
    const rows = this.#seal ? this.#rows : [];
    return [...rows.map((row): Op => ({ type: 'putMutation', row })), { type: 'putSeal', seal: this.#seal }];
  }

  #put(seal: SealRow | null): void {
    this.#seal = seal;
    this.#hub.journal.write([{ type: 'putSeal', seal }]);
  }
}
