import { type LeaderLocks, leaderLocks } from '../../../src/client/hosts/leader/leader-locks.ts';
import type { ChannelLike, LeaderParts } from '../../../src/client/hosts/leader/leader-parts.ts';
import { presenceOf } from '../../../src/client/hosts/leader/presence.ts';
import type { OwnHub } from '../../../src/client/hosts/page-host.ts';
import type { Lifecycle } from '../../../src/client/options.ts';
import type { Boot } from '../../../src/protocol/ids.ts';
import type { Port } from '../../../src/protocol/port.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';

let names = 0;

/** The tabs of one browser, on Node's own locks and channels; what Node does not know is which tab holds a lock. */
export class Tabs {
  readonly name = `medulla-leader:test-${names++}`;
  /** Milliseconds that a leader has for its answers. */
  deadline = 5_000;
  readonly clock = new VirtualClock();
  readonly owners = new Map<string, string>();
  readonly hubs: TestHub[] = [];
  /** What each of them was told of the one before. */
  readonly afterSilent: boolean[] = [];
  readonly #channels = new Set<ChannelLike>();

  /** The hubs that there were, in order, and which have ended. */
  get boots(): string[] {
    return this.hubs.map(({ boot, isClosed }) => `${boot}${isClosed ? ' closed' : ''}`);
  }

  open(id: string, visible = true, protocol = 2): TestTab {
    return new TestTab(this, id, visible, protocol);
  }

  /** Locks as one tab has them: its own, by its name. */
  locks(id: string): LeaderLocks {
    const { owners } = this;
    return leaderLocks({
      request: (name, wish, held) =>
        navigator.locks.request(name, wish as LockOptions, (lock) => {
          if (lock && wish.mode !== 'shared') owners.set(name, id);
          return held(lock);
        }),
      async query() {
        const { held = [] } = await navigator.locks.query();
        return { held: held.map(({ name = '' }) => ({ name, clientId: owners.get(name) ?? '' })) };
      },
    });
  }

  channel(name: string): ChannelLike {
    const channel = new BroadcastChannel(name) as unknown as ChannelLike;
    this.#channels.add(channel);
    return channel;
  }

  close(): void {
    for (const channel of this.#channels) channel.close();
    for (const hub of this.hubs) hub.close();
  }
}

/** A tab: what a leader or a follower is made of, and how its page fares. */
export class TestTab {
  readonly id: string;
  readonly parts: LeaderParts;
  #handlers: Parameters<Lifecycle['listen']>[0] | undefined;

  constructor(tabs: Tabs, id: string, visible: boolean, protocol: number) {
    this.id = id;
    const locks = tabs.locks(id);
    this.parts = {
      name: tabs.name,
      protocol,
      locks,
      open: (name) => tabs.channel(name),
      start: (afterSilent) => {
        tabs.afterSilent.push(afterSilent);
        const hub = new TestHub(`${id}-${tabs.hubs.length}` as Boot, locks);
        tabs.hubs.push(hub);
        return hub;
      },
      presence: presenceOf({
        listen: (handlers) => {
          this.#handlers = handlers;
          handlers.see(visible);
        },
      }),
      clock: tabs.clock,
      newId: () => `${id}-${names++}`,
      log: () => undefined,
      deadline: tabs.deadline,
    };
  }

  see(visible: boolean): void {
    this.#handlers?.see(visible);
  }

  sleep(): void {
    this.#handlers?.hide();
  }
}

/** A hub that answers what it hears, under a lock of its name. */
export class TestHub implements OwnHub {
  readonly boot: Boot;
  readonly lock: string;
  readonly ports: Port[] = [];
  isClosed = false;
  isFlushed = false;
  readonly #held: ReturnType<LeaderLocks['hold']>;

  constructor(boot: Boot, locks: LeaderLocks) {
    this.boot = boot;
    this.lock = `medulla-hub:${boot}`;
    this.#held = locks.hold(this.lock);
  }

  attach(port: Port): void {
    this.ports.push(port);
    port.listen((message) => port.post({ boot: this.boot, message }));
  }

  async flush(): Promise<void> {
    this.isFlushed = true;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    (await this.#held)?.();
  }
}
