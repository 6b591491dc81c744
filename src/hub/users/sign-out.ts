import type { Cancel } from '../../base/clock.ts';
import type { SignOut as Asked } from '../../protocol/tab-up.ts';
import type { HubContext } from '../context.ts';
import type { Tab } from '../tabs/tab.ts';
import type { Tabs } from '../tabs/tabs.ts';
import type { Seal } from './seal.ts';

export interface SignOutParts {
  readonly hub: HubContext;
  readonly tabs: Tabs;
  readonly seal: Seal;
  /** From now on the hub takes nothing more. */
  readonly stop: () => void;
  /** The hub is no more. */
  readonly end: () => void;
}

/**
 * The user leaves this browser: what the replica holds is erased, and every tab is told, once that is on the disk. Who
 * wants the outbox empty waits for that first; where it does not come to that, nothing has changed.
 */
export class SignOut {
  readonly #parts: SignOutParts;
  /** The tabs that wait for the outbox to be empty, and the end of their patience. */
  readonly #waiting = new Map<Tab, Cancel>();
  #looking = false;
  #left = false;

  constructor(parts: SignOutParts) {
    this.#parts = parts;
    parts.tabs.changed = () => this.#look();
  }

  ask(tab: Tab, { outbox, timeout }: Asked): void {
    if (outbox === 'keep' && this.#parts.hub.journal.fault) {
      this.#refuse(tab, 'cannot be kept: the disk does not take them');
      return;
    }
    if (outbox !== 'flush') {
      this.#leave(outbox === 'discard');
      return;
    }
    this.#waiting.get(tab)?.();
    const late = () => this.#refuse(tab, `did not get out within ${timeout} ms`);
    this.#waiting.set(tab, this.#parts.hub.clock.after(timeout, late));
    this.#look();
  }

  get #unsent(): number {
    const { hub, seal } = this.#parts;
    return hub.outbox.pending + hub.outbox.rejected + seal.size;
  }

  /** Something has changed, and what changes with it will be by the end of this turn. */
  #look(): void {
    if (this.#looking || this.#waiting.size === 0) return;
    this.#looking = true;
    queueMicrotask(() => {
      this.#looking = false;
      this.#decide();
    });
  }

  #decide(): void {
    const { hub, tabs } = this.#parts;
    const { outbox, line } = hub;
    // Who has gone does not wait any more, and nobody else has asked for it.
    for (const tab of [...this.#waiting.keys()]) if (tabs.get(tab.id) !== tab) this.#forget(tab);
    if (this.#waiting.size === 0) return;
    let why: string | null = null;
    if (this.#unsent === 0) this.#leave(true);
    else if (outbox.pending === 0 && outbox.rejected > 0) why = 'refused, and nobody has decided';
    else if (line.isOffline) why = 'cannot get out: there is no connection';
    if (why) for (const tab of [...this.#waiting.keys()]) this.#refuse(tab, why);
  }

  #forget(tab: Tab): void {
    this.#waiting.get(tab)?.();
    this.#waiting.delete(tab);
  }

  #refuse(tab: Tab, why: string): void {
    this.#forget(tab);
    const left = this.#unsent;
    const message = `Cannot sign out: ${left} ${left === 1 ? 'write' : 'writes'} ${why}`;
    tab.send({ type: 'stillSignedIn', message, left });
  }

  async #leave(discard: boolean): Promise<void> {
    if (this.#left) return;
    this.#left = true;
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
    const { hub, tabs, stop, end } = this.#parts;
    stop();
    const upTo = discard ? 0 : hub.outbox.last;
    const isDone = await hub.journal.last([
      { type: 'erase', outbox: discard },
      { type: 'putSeal', seal: { signedOut: true, upTo } },
    ]);
    // Another hub has the database: the tabs join that one, and ask again.
    for (const tab of tabs.all()) tab.send({ type: isDone ? 'signedOut' : 'deposed' });
    end();
  }
}
