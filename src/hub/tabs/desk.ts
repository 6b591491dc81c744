import type { RealId } from '../../protocol/aliases/renamed.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Boot, MutationId } from '../../protocol/ids.ts';
import type { Port } from '../../protocol/port.ts';
import { tabLock } from '../../protocol/tab-terms.ts';
import type { TabUp } from '../../protocol/tab-up.ts';
import { PROTOCOL, RELEASE } from '../../protocol/version.ts';
import { withRealIds } from '../aliases/with-real-ids.ts';
import type { HubContext } from '../context.ts';
import type { Transfer } from '../disk/transfer.ts';
import type { Migration } from '../migration/migration.ts';
import type { Migrators } from '../migration/migrators.ts';
import type { Decisions } from '../outbox/decisions.ts';
import type { Drain } from '../outbox/drain.ts';
import type { Endings } from '../outbox/endings.ts';
import { authorOf, idOf, LOST } from '../outbox/entry.ts';
import type { Intake } from '../outbox/intake.ts';
import { hubLock, type Locks } from '../parts.ts';
import type { Follower } from '../replica/follower.ts';
import type { Reads } from '../replica/reads.ts';
import { fail } from '../replica/reads-parts.ts';
import type { Topic } from '../replica/topic.ts';
import type { Adoption } from '../users/adoption.ts';
import type { Seal } from '../users/seal.ts';
import type { SignOut } from '../users/sign-out.ts';
import { Follows } from './follows.ts';
import type { InboxListener } from './inbox.ts';
import type { Messages } from './messages.ts';
import { Shown } from './shown.ts';
import { Tab } from './tab.ts';
import type { Tabs } from './tabs.ts';
import type { Tokens } from './tokens.ts';

type Message<T extends TabUp['type']> = Extract<TabUp, { type: T }>;

export interface DeskParts {
  readonly hub: HubContext;
  readonly boot: Boot;
  readonly tabs: Tabs;
  readonly tokens: Tokens;
  readonly locks: Locks;
  readonly follower: Follower;
  readonly drain: Drain;
  readonly intake: Intake;
  readonly decisions: Decisions;
  readonly reads: Reads;
  readonly endings: Endings;
  readonly migrators: Migrators;
  readonly migration: Migration;
  readonly seal: Seal;
  readonly adoption: Adoption;
  readonly signOut: SignOut;
  readonly transfer: Transfer;
  readonly messages: Messages;
}

/** Where what tabs say is handed to whoever does it. */
export class Desk implements InboxListener {
  readonly #parts: DeskParts;
  readonly #shown: Shown;
  readonly #follows: Follows;
  #ended = false;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#shown = new Shown(parts.hub);
    this.#follows = new Follows({ ...parts, ended: () => this.#ended });
  }

  hello(port: Port, { tab: id, release = 0, ...hello }: Message<'hello'>): Tab {
    const { tabs, boot, locks, hub, seal } = this.#parts;
    const before = tabs.get(id);
    if (before) this.goodbye(before);
    const tab = new Tab(id, port, this.#shown, hub.clock);
    tab.recordVersion = hello.recordVersion ?? 0;
    tab.send({ type: 'welcome', boot, protocol: PROTOCOL, stale: release < RELEASE, lock: hubLock(boot) });
    // It was attached before the sign-out, and slept through it: it has nobody to speak for.
    const isLate = seal.signedOut && hello.served === true;
    if (this.#ended || isLate) {
      tab.send({ type: isLate ? 'signedOut' : 'deposed' });
      tab.close();
      return tab;
    }
    hub.aliases.found(hello.aliases ?? []);
    tabs.add(tab);
    hello.temporaries?.forEach(this.#naming(tab));
    // What this hub has found on the disk of it is in all that it is shown, before it has repeated it.
    tab.n = tab.found = hub.outbox.lastOf(id);
    // What failed while it slept is gone from that, and is told before it is seen to be.
    for (const entry of hub.outbox.moving())
      if (authorOf(entry) === id && !entry.kept && entry.phase.type === 'withdrawing')
        hub.outlet.settle(idOf(entry), { type: 'failed', code: 'unreachable', message: LOST });
    tab.unwatch = locks.whenFree(tabLock(id), () => this.goodbye(tab));
    this.#parts.tokens.offer(tab);
    hub.line.hurry();
    seal.signIn();
    this.#parts.migration.look();
    if (hello.adopt) this.#parts.adoption.ask(tab);
    return tab;
  }

  ask(tab: Tab, message: Message<'signOut' | 'export' | 'import' | 'send'>): void {
    if (this.#ended) return;
    if (message.type === 'signOut') this.#parts.signOut.ask(tab, message);
    else if (message.type === 'send') this.#parts.messages.send(tab, this.#named(tab, message));
    else this.#parts.transfer.ask(tab, message);
  }

  /** Takes nothing more, and lets the server go. */
  stop(): void {
    this.#ended = true;
    this.#parts.hub.line.close();
  }

  goodbye(tab: Tab): void {
    tab.close();
    this.#parts.migrators.left(tab);
    for (const topic of this.#parts.tabs.remove(tab)) this.#follows.released(topic);
  }

  writes(tab: Tab, message: Message<'writes'>): void {
    const { writes } = this.#named(tab, message);
    if (!this.#ended) this.#parts.intake.take(writes, tab.found, () => this.#parts.drain.pump());
  }

  badWrite(tab: Tab, n: number | null, code: ErrorCode, problem: string): void {
    this.#parts.hub.log('error', code, { from: tab.id, problem });
    if (n !== null) tab.settle({ type: 'failed', n, code, message: `Cannot take this write: ${problem}` });
  }

  badRead(tab: Tab, request: number, code: ErrorCode, problem: string): void {
    fail(this.#parts.hub.outlet, tab.id, request, { code, message: `Cannot read this: ${problem}` });
  }

  read(tab: Tab, message: Message<'read'>): void {
    if (!this.#ended) this.#parts.reads.read(tab.id, this.#named(tab, message));
  }

  follow(tab: Tab, message: Message<'follow'>): void {
    this.#follows.follow(tab, this.#named(tab, message));
  }

  release(tab: Tab, message: Message<'release'>): void {
    this.#follows.release(tab, this.#named(tab, message).topic);
  }

  decide(message: Message<'decide'>): void {
    if (!this.#ended) this.#parts.decisions.decide(this.#named(null, message));
  }

  abort(id: MutationId): void {
    if (!this.#ended) this.#parts.decisions.abort(id);
  }

  line(open: boolean): void {
    if (!this.#ended) this.#parts.hub.line[open ? 'open' : 'close']();
  }

  watch(tab: Tab): void {
    tab.watching = true;
    for (const entry of this.#parts.hub.outbox.entries()) tab.item(entry.mutation.id);
  }

  visible(tab: Tab, visible: boolean): void {
    tab.show(visible);
    // Somebody looks at it: the next attempt to connect is not to wait.
    if (visible) this.#parts.hub.line.hurry();
  }

  token(message: Message<'token'>): void {
    this.#parts.tokens.answer(message);
  }

  pass<M extends TabUp>(message: M, act: (message: M) => void): void {
    this.#parts.migration.pass(message, act);
  }

  migrated(tab: Tab, { request, pieces }: Message<'migrated'>): void {
    if (!this.#parts.migrators.answered(tab, request, pieces)) this.#parts.migration.look();
  }

  asked(topic: Topic, caughtUp: boolean, headers?: Attributes): void {
    const { reads, tabs, endings } = this.#parts;
    if (caughtUp) this.#shown.synced(topic.name);
    reads.asked(topic, caughtUp, headers);
    endings.released(topic);
    tabs.topic(topic.name);
    tabs.status();
  }

  durable(durable: boolean, reason: string | null): void {
    if (this.#shown.durable(durable, reason)) this.#parts.tabs.status();
  }

  /** Another hub has taken the database over: this one settles nothing and sends nothing more. */
  deposed(): void {
    if (this.#ended) return;
    this.end();
    for (const tab of this.#parts.tabs.all()) tab.send({ type: 'deposed' });
  }

  end(): void {
    this.stop();
    for (const tab of this.#parts.tabs.all()) tab.close();
    this.#parts.hub.journal.end();
  }

  renamed(): void {
    this.#follows.renamed();
  }

  /** What the server calls a record; the tab that knows no better is told. */
  #naming(tab: Tab | null): RealId {
    return this.#parts.hub.aliases.real((alias) => tab?.alias(alias));
  }

  #named<M extends TabUp>(tab: Tab | null, message: M): M {
    return this.#parts.hub.aliases.any ? withRealIds(message, this.#naming(tab)) : message;
  }
}
