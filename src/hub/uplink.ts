import type { ServerEvents } from '../protocol/server-down.ts';
import type { HubContext } from './context.ts';
import { takeBack } from './disk/foretold.ts';
import type { LineListener } from './line.ts';
import type { Drain } from './outbox/drain.ts';
import type { Endings } from './outbox/endings.ts';
import type { Intake } from './outbox/intake.ts';
import { unheard } from './outbox/unheard.ts';
import type { Withdrawals } from './outbox/withdrawals.ts';
import type { Follower } from './replica/follower.ts';
import type { Reads } from './replica/reads.ts';
import type { Messages } from './tabs/messages.ts';
import type { Tabs } from './tabs/tabs.ts';
import type { Tokens } from './tabs/tokens.ts';
import type { Seal } from './users/seal.ts';

export interface UplinkParts {
  readonly hub: HubContext;
  readonly tabs: Tabs;
  readonly tokens: Tokens;
  readonly seal: Seal;
  readonly intake: Intake;
  readonly drain: Drain;
  readonly endings: Endings;
  readonly withdrawals: Withdrawals;
  readonly follower: Follower;
  readonly reads: Reads;
  readonly messages: Messages;
}

/** Where what the line tells is handed to whoever does something about it. */
export class Uplink implements LineListener {
  readonly #parts: UplinkParts;

  constructor(parts: UplinkParts) {
    this.#parts = parts;
  }

  opened(): void {
    const { hub, seal, intake, drain, endings, withdrawals, follower, reads, messages } = this.#parts;
    const { welcome } = hub.line;
    if (!welcome) return;
    intake.limit(welcome.limits);
    seal.open();
    follower.opened();
    reads.opened();
    withdrawals.ask();
    drain.opened(welcome.number);
    messages.opened();
    // By then the tabs have said what they follow.
    hub.clock.after(hub.options.patience, () => unheard(hub, endings));
  }

  lost(): void {
    const { hub, follower, drain } = this.#parts;
    follower.lost();
    takeBack(hub);
    drain.lost();
  }

  changed(): void {
    const { hub, reads, intake, tabs } = this.#parts;
    if (hub.line.isOffline) {
      reads.offline();
      intake.offline();
    }
    tabs.status();
  }

  event<K extends Exclude<keyof ServerEvents, 'welcome' | 'leaving'>>(name: K, event: ServerEvents[K]): void {
    const { follower, tabs } = this.#parts;
    if (name === 'changes') follower.changes(event as ServerEvents['changes']);
    else if (name === 'message') tabs.note(event as ServerEvents['message']);
    else follower.denied(event as ServerEvents['denied']);
  }

  token(): Promise<string | null> {
    return this.#parts.tokens.ask();
  }
}
