import type { Boot } from '../protocol/ids.ts';
import type { Port } from '../protocol/port.ts';
import { Aliases } from './aliases/aliases.ts';
import type { HubContext } from './context.ts';
import { everything } from './disk/everything.ts';
import { Eviction } from './disk/eviction.ts';
import { openStorage } from './disk/open-storage.ts';
import { placeInMemory, takeOver } from './disk/take-over.ts';
import { Transfer } from './disk/transfer.ts';
import { Unkept } from './disk/unkept.ts';
import { Journal } from './journal.ts';
import { Line } from './line.ts';
import { Migration } from './migration/migration.ts';
import { Migrators } from './migration/migrators.ts';
import { RowMigration } from './migration/row-migration.ts';
import { Decisions } from './outbox/decisions.ts';
import { Drain } from './outbox/drain.ts';
import { Endings } from './outbox/endings.ts';
import { Intake } from './outbox/intake.ts';
import { Outbox } from './outbox/outbox.ts';
import { overtaken } from './outbox/overtaken.ts';
import { Withdrawals } from './outbox/withdrawals.ts';
import { HUB_DEFAULTS, type HubParts, hubLock } from './parts.ts';
import { Follower } from './replica/follower.ts';
import { Reads } from './replica/reads.ts';
import { Replica } from './replica/replica.ts';
import { Desk } from './tabs/desk.ts';
import { openInbox } from './tabs/inbox.ts';
import { Messages } from './tabs/messages.ts';
import { Tabs } from './tabs/tabs.ts';
import { Tokens } from './tabs/tokens.ts';
import { Uplink } from './uplink.ts';
import { Adoption } from './users/adoption.ts';
import { Seal } from './users/seal.ts';
import { SignOut } from './users/sign-out.ts';

/** Milliseconds between two signs of life of a hub that is not ready. */
const ALIVE = 500;

/** What all tabs of one user in one browser talk to. */
export interface Hub {
  readonly boot: Boot;
  /** Serves a tab on this port. Ports that come before the hub is ready wait. */
  attach(port: Port): void;
  /** Resolves once all that it did so far is on the disk, or cannot get there. */
  flush(): Promise<unknown>;
  /** Ends for good: the connection, the database, the lock. What the outbox holds stays on the disk. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts a hub.
 *
 *   tabs ──▶ inbox ──▶ desk ──▶ intake ──▶ outbox ──▶ drain ──▶ line ──▶ server
 *                        │        └──▶ journal ──▶ disk           │
 *   tabs ◀── outlet ◀────┴── endings ◀── follower ◀───────────────┘
 */
export function createHub(parts: HubParts): Hub {
  const boot = parts.random.id() as Boot;
  const options = { ...HUB_DEFAULTS, ...parts.options };
  let closed = false;
  const ready = start();

  async function start() {
    const releaseLock = await parts.locks.hold(hubLock(boot)).catch((error) => {
      parts.log('error', 'no-lock', { error });
      return () => undefined;
    });
    const { storage, opened, reason, later } = await openStorage(parts, boot, () => {
      ready.then(({ journal }) => journal.doubt());
    });
    const tabs = new Tabs();
    const outbox = new Outbox();
    const migrators = new Migrators({ tabs, clock: parts.clock, patience: options.patience });
    const journal = new Journal(
      storage,
      {
        deposed: () => desk.deposed(),
        durable(durable, why) {
          desk.durable(durable, why);
          unkept.watch();
        },
        everything: () => everything(hub, seal),
      },
      {
        log: parts.log,
        clock: parts.clock,
        opened,
        eviction: new Eviction(opened.topics, (topic) => replica.get(topic)?.followers ?? 0),
        missing: reason,
      },
    );
    const rows = new RowMigration({ ...parts, migrators, journal });
    const replica = new Replica(storage, opened, (topic) => rows.migrate(topic));
    const line = new Line(parts, options, {
      opened: () => uplink.opened(),
      lost: () => uplink.lost(),
      changed: () => uplink.changed(),
      token: () => uplink.token(),
      event: (name, event) => uplink.event(name, event),
    });
    const { user, clock, random, log } = parts;
    const tokens = new Tokens(tabs, { clock, options, journal }, opened.token !== undefined);
    const { patience } = options;
    const learned = () => desk.renamed();
    const aliases = new Aliases({ outbox, journal, outlet: tabs, clock, patience, learned }, opened.aliases);
    const hub: HubContext = {
      user,
      outbox,
      replica,
      aliases,
      journal,
      line,
      outlet: tabs,
      clock,
      random,
      options,
      log,
    };
    const endings = new Endings(hub);
    const follower = new Follower({
      ...hub,
      listener: {
        moved: (topic, changed, ops) => endings.moved(topic, changed, ops),
        arrived: (entries) => aliases.arrived(entries),
        settled: (topic) => aliases.settled(topic),
        asked: (topic, caughtUp, headers) => {
          if (caughtUp && overtaken(hub, topic)) endings.moved(topic, new Map(), []);
          desk.asked(topic, caughtUp, headers);
        },
      },
    });
    const drain = new Drain(hub, endings);
    const unkept = new Unkept(hub, endings);
    const withdrawals = new Withdrawals(hub, endings, drain);
    const intake = new Intake(hub, withdrawals, unkept);
    const decisions = new Decisions({ hub, endings, drain, withdrawals });
    const reads = new Reads({ ...hub, follower, patience: options.patience });
    const migration = new Migration({ ...hub, tabs, migrators, rows, endings, drain, follower });
    const seal = new Seal(hub, opened, () => migration.look());
    /** Writes came that no tab has handed over. */
    const came = () => {
      migration.look();
      drain.pump();
    };
    const adoption = new Adoption({
      hub,
      intake,
      storage: parts.anonymous,
      done: came,
    });
    const transfer = new Transfer({ hub, intake, drain, aside: opened.aside ?? [], done: came });
    const end = () => {
      closed = true;
      releaseLock();
      desk.end();
      parts.storage.close();
    };
    const signOut = new SignOut({ hub, tabs, seal, stop: () => desk.stop(), end });
    const messages = new Messages(hub);
    const uplink = new Uplink({
      hub,
      tabs,
      tokens,
      seal,
      intake,
      drain,
      endings,
      withdrawals,
      follower,
      reads,
      messages,
    });
    const desk: Desk = new Desk({
      hub,
      seal,
      adoption,
      signOut,
      transfer,
      messages,
      migrators,
      migration,
      boot,
      tabs,
      tokens,
      locks: parts.locks,
      follower,
      drain,
      intake,
      decisions,
      reads,
      endings,
    });
    if (reason) {
      desk.durable(false, reason);
      const place = placeInMemory(clock.now());
      outbox.reserve(place);
      const late = { hub, intake, drain, migration, seal, storage: parts.storage, ended: () => closed };
      later.then((found) => (closed ? undefined : takeOver(late, found, place)));
    }
    if (!closed && !seal.signedOut) line.open();
    return { desk, log, end, journal };
  }

  return {
    boot,
    attach(port) {
      let waits = true;
      // What it waits for may take longer than its tabs would: they are told that it lives.
      const live = () => {
        if (waits) port.post({ type: 'received', count: 0 });
        if (waits) parts.clock.after(ALIVE, live);
      };
      parts.clock.after(ALIVE, live);
      ready.then(({ desk, log }) => {
        waits = false;
        openInbox(port, desk, { clock: parts.clock, log });
      });
    },
    flush: async () => (await ready).journal.write([]),
    async close() {
      if (closed) return;
      closed = true;
      (await ready).end();
    },
  };
}
