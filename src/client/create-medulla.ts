import type { TabId } from '../protocol/ids.ts';
import type { TabUp } from '../protocol/tab-up.ts';
import { type AliasesParts, createAliases } from './aliases/aliases.ts';
import { type ApplyBatchParts, applyBatch } from './apply-batch.ts';
import { assertOwn, type BackboneLike, backboneOf, type Collection, type Model } from './backbone.ts';
import { type Batches, type BatchesParts, createBatches } from './batch/batches.ts';
import { addressOf } from './calls/address.ts';
import { createHandOver, type HandOverParts } from './calls/hand-over.ts';
import { createQuestions } from './calls/questions.ts';
import { createReads, type ReadsParts } from './calls/reads.ts';
import { repeatedWrites } from './calls/repeated.ts';
import { failure } from './calls/request.ts';
import { createWrites, type WritesParts } from './calls/writes.ts';
import { codedError } from './coded-error.ts';
import { createEach } from './each.ts';
import { coverRoutes, createInstall, type RoutesParts } from './install.ts';
import type { Medulla } from './medulla.ts';
import { type ConflictsParts, createConflicts } from './models/conflicts.ts';
import type { FollowOptions } from './models/follower.ts';
import { createFollowing, type FollowingParts } from './models/following.ts';
import { stock } from './models/instances.ts';
import type { MedullaParts } from './options.ts';
import { createOutbox, type OutboxParts } from './outbox.ts';
import { stateOf } from './state-of.ts';
import { createStatus, firstConnection } from './status.ts';
import { CLOSED, createSync, type SyncParts } from './sync.ts';
import { createUsers, type Users } from './users/users.ts';
import type { UsersParts } from './users/users-parts.ts';

export type { Medulla };

/** All parts of a tab: each knows as much of the others as its own interface says. */
type Parts = MedullaParts &
  AliasesParts &
  ApplyBatchParts &
  BatchesParts &
  ConflictsParts &
  FollowingParts &
  HandOverParts &
  RoutesParts &
  OutboxParts &
  ReadsParts &
  SyncParts &
  Omit<UsersParts, 'host'> &
  WritesParts & { batches: Batches; users: Users };
type Tab = { -readonly [Name in keyof Parts]: Parts[Name] };

/** Puts a tab together. It begins to look for its hub at once. */
export function createMedulla<B extends BackboneLike>(given: B, parts: MedullaParts): Medulla<B> {
  const { host, lifecycle, page, random, recordVersion = 0 } = parts;
  if (!(recordVersion >= 0)) throw codedError('bad-option', 'recordVersion is a number from 0');
  const backbone = backboneOf(given);
  const each = createEach(backbone, parts.report);
  stock.add(backbone.Model.prototype.toJSON);
  const id = random.id() as TabId;
  const status = createStatus(backbone);
  const flushes: (() => void)[] = [];
  let watching = false;
  /** Whether the hub is to keep its line, as far as this tab has a say; `heard`: this hub has said that it keeps none; `told`: one has said how it stands. */
  let open = true;
  let heard = false;
  let told = false;
  const post = (message: TabUp) => tab.session?.post(message);
  /** Something is on the disk that is nowhere else: the browser is asked to keep it, once. */
  let persist = () => {
    persist = () => undefined;
    parts.unsent?.();
    Promise.resolve(parts.persist?.()).then(
      (persisted = false) => status.set({ persisted }),
      () => undefined,
    );
  };
  /** Whoever waits for the outbox to be empty looks again. */
  const look = () => {
    for (const again of flushes.splice(0)) again();
  };

  /** A newer page has been here. */
  function outdated(): void {
    if (status.attributes.stale) return;
    status.set({ stale: true });
    medulla.trigger('stale', medulla);
  }

  /** All that the next hub has to be told. `repeated`: this tab has been attached before. */
  function replay(repeated: boolean): TabUp[] {
    heard = false;
    const messages: TabUp[] = open ? [] : [{ type: 'line', open }];
    for (const topic of following.topics.keys()) messages.push(following.wish(topic));
    if (watching) messages.push({ type: 'watch' });
    messages.push(...repeatedWrites(writes, each, repeated));
    for (const { message } of reads.open.values()) messages.push(message);
    return [...messages, ...users.replay()];
  }

  // Each part takes the others from here when it needs them, not before all are there.
  const begun: Partial<Tab> = {
    ...parts,
    backbone,
    each,
    id,
    user: null,
    hostOf: typeof host === 'function' ? host : () => host,
    session: undefined,
    status,
    n: 0,
    closed: false,
    post,
    onFailure: (request, target) => medulla.trigger('error', request, target),
    onConflict: (model, conflict) => medulla.trigger('conflict', model, conflict),
    replay,
    names: () => tab.aliases.names(),
    welcomed({ stale }, again) {
      const { kind = null, reason = null } = users.host ?? {};
      status.set({ host: kind, hostReason: reason });
      users.welcomed();
      if (stale) outdated();
      if (!again) return;
      outbox.rejoined();
      following.rejoined();
    },
    batch(news) {
      applyBatch(tab, news);
      if (news.settlements.some(({ type }) => type === 'queued')) persist();
      if (news.status) {
        told = true;
        // Another tab's user has switched it on again: what was asked for here is over.
        const closed = news.status.connection === 'closed';
        open ||= heard && !closed;
        heard = closed;
        const { recordVersion: known = 0, reason } = news.status;
        if (known > recordVersion || reason === 'protocol') outdated();
      }
      each(news.messages ?? [], ({ type, content }) => medulla.trigger('message', type, content));
      look();
    },
    failed(error) {
      const hostReason = String(error);
      status.set({
        connection: 'closed',
        durable: false,
        durableReason: 'no-hub',
        host: users.host?.kind ?? null,
        hostReason,
      });
      const gone = failure('no-hub', hostReason);
      reads.fail(gone);
      writes.fail(gone);
      users.giveUp(gone);
    },
    told: (down) => users.told(down),
    trigger(event, user) {
      look();
      medulla.trigger(event, user);
    },
  };
  const tab = begun as Tab;
  tab.writes = createWrites(tab);
  tab.reads = createReads(tab);
  tab.following = createFollowing(tab);
  tab.aliases = createAliases(tab);
  tab.conflicts = createConflicts(tab);
  tab.outbox = createOutbox(tab);
  tab.batches = createBatches(tab);
  tab.handOver = createHandOver(tab);
  tab.users = createUsers(tab);
  tab.sync = createSync(tab);
  const { writes, reads, following, outbox, sync, users } = tab;
  const installation = createInstall(backbone, { sync, covers: coverRoutes(tab) });

  /** Makes a method that can be chained. */
  const chained =
    <A extends unknown[]>(act: (...args: A) => void) =>
    (...args: A): Medulla<B> => {
      act(...args);
      return medulla;
    };
  const line = (now: boolean) =>
    chained(() => {
      open = now;
      post({ type: 'line', open });
    });
  const follow = chained((target: object, options: FollowOptions = {}) => {
    assertOwn(backbone, target, 'follow');
    following.follow(target, addressOf(target, {}, page()), options, false);
  });
  const release = chained((target: object) => following.release(target as Model));

  const own = {
    sync,
    status,
    get outbox() {
      if (!watching) post({ type: 'watch' });
      watching = true;
      return outbox.outbox;
    },
    get isOpen() {
      return status.attributes.connection === 'open';
    },
    ready: firstConnection(status, parts.log),
    install: chained(installation.install),
    uninstall: chained(installation.uninstall),
    follow,
    release,
    batch: tab.batches.batch,
    bind: (target: object, events: FollowOptions['events'] = {}) => follow(target, { events }),
    unbind: release,
    bindBackend: follow,
    stateOf: (target: object) =>
      stateOf(target as Model | Collection, writes, following, tab.conflicts, page),
    async flush() {
      const { user } = tab;
      // Before the hub's first word nobody knows what an earlier page has left; where there is no hub, nothing is on its way.
      const unknown = () => !told && !tab.closed && status.attributes.durableReason !== 'no-hub';
      while (writes.open.size || status.attributes.pending || unknown()) {
        if (tab.closed) throw codedError('abort', CLOSED);
        await new Promise<void>((resolve) => flushes.push(resolve));
        if (user !== null && user !== tab.user) throw codedError('abort', 'The user has changed');
      }
    },
    ...createQuestions(tab),
    signIn: users.signIn,
    signOut: users.signOut,
    disconnect: line(false),
    reconnect: line(true),
    close: chained(() => {
      users.hide();
      tab.closed = true;
      const closed = failure('abort', CLOSED);
      for (const { settler } of [...writes.open.values()]) settler.settle(closed);
      reads.fail(closed);
      users.giveUp(closed);
      look();
      status.set({ connection: 'closed', reason: null });
    }),
    open: chained(() => {
      tab.closed = false;
      users.show();
    }),
  };
  const medulla = Object.setPrototypeOf(own, backbone.Events) as Medulla<B>;
  const hide = () => {
    if (status.attributes.pending) parts.unsent?.();
    users.hide();
  };
  lifecycle?.listen({ hide, show: () => tab.closed || users.show(), see: users.see });
  users.start(parts.user);
  for (const one of parts.follow ?? []) follow(...([one].flat() as [object]));
  return medulla;
}
