import { ANONYMOUS, mutationId, type TabId, type UserId } from '../protocol/ids.ts';
import type { Batch } from '../protocol/tab-down.ts';
import type { TabUp } from '../protocol/tab-up.ts';
import { applyBatch } from './apply-batch.ts';
import {
  assertOwn,
  type BackboneLike,
  backboneOf,
  type Collection,
  type Hash,
  type Model,
} from './backbone.ts';
import { addressOf } from './calls/address.ts';
import { createHandOver } from './calls/hand-over.ts';
import { createReads } from './calls/reads.ts';
import { failure, type Request } from './calls/request.ts';
import { createWrites, type Write } from './calls/writes.ts';
import { createInstall } from './install.ts';
import type { Medulla } from './medulla.ts';
import type { FollowOptions } from './models/follower.ts';
import { createFollowing } from './models/following.ts';
import { instanceOf, stock } from './models/instances.ts';
import { snapshot } from './models/snapshot.ts';
import type { MedullaParts } from './options.ts';
import { createOutbox } from './outbox.ts';
import { createSession } from './session.ts';
import { stateOf } from './state-of.ts';
import { createStatus, firstConnection, isOffline } from './status.ts';
import { createSync } from './sync.ts';

export type { Medulla };

/** Puts a tab together. It begins to look for its hub at once. */
export function createMedulla<B extends BackboneLike>(given: B, parts: MedullaParts): Medulla<B> {
  const { host, locks, clock, random, log, lifecycle, page, report } = parts;
  const backbone = backboneOf(given);
  stock.add(backbone.Model.prototype.toJSON);
  const tab = random.id() as TabId;
  const user = (parts.user ?? ANONYMOUS) as UserId;
  const status = createStatus(backbone, user, host);
  const waiting: Write[] = [];
  const flushes = new Set<() => void>();
  let watching = false;
  let open = true;

  /** Writes of one turn go in one message: what that carries costs far less than what a message does. */
  function flushWrites(): void {
    if (waiting.length) session.post({ type: 'writes', writes: waiting.splice(0).map(({ wire }) => wire) });
  }
  function post(message: TabUp): void {
    flushWrites();
    session.post(message);
  }
  function postWrite(write: Write): void {
    if (waiting.push(write) === 1) queueMicrotask(flushWrites);
  }

  /** The record is not there, and what was changed here goes with it. */
  function gone(model: Model): void {
    const instance = instanceOf(model);
    if (instance?.record === undefined) return;
    instance.agreed = null;
    instance.stage = 'there';
    following.show(instance.topic, [{ record: instance.record, attrs: null }]);
  }
  const onFailure = (request: Request, target: Model | Collection) =>
    medulla.trigger('error', request, target);
  const writes = createWrites({
    clock,
    patience: parts.patience ?? 3000,
    offline: () => isOffline(status),
    spread: (write) => following.spread(write),
    restore: (write) => following.restore(write),
    onFailure,
  });
  const reads = createReads({ post, lay: writes.layRows, gone });
  const following = createFollowing({
    post,
    reads,
    report,
    lay: writes.lay,
    conflict(model, instance) {
      instance.state = 'conflict';
      model.trigger('medulla:conflict', model, {
        was: instance.agreed,
        mine: snapshot(model.toJSON()),
        theirs: null,
        resolve: (attrs: Hash | null = null) => model.save(attrs),
        discard: () => gone(model),
      });
    },
  });
  const { handOver, n: last } = createHandOver({
    tab,
    user,
    clock,
    random,
    writes,
    post: postWrite,
    spread: following.spread,
  });
  const outbox = createOutbox(backbone, (decision) => post({ type: 'decide', ...decision }));
  const sync = createSync({
    backbone,
    page,
    clock,
    reads,
    handOver,
    following,
    report,
    abort(write) {
      write.aborted = true;
      post({ type: 'abort', id: mutationId(tab, write.n) });
    },
    onFailure,
  });

  const session = createSession({
    tab,
    host,
    locks,
    clock,
    random,
    log,
    deadline: parts.deadline ?? 5000,
    n: last,
    token: async () => (await parts.auth?.()) ?? null,
    replay(boot) {
      waiting.length = 0;
      const repeated = boot !== null;
      const messages: TabUp[] = open ? [] : [{ type: 'line', open }];
      for (const topic of following.topics.keys()) messages.push({ type: 'follow', topic });
      if (watching) messages.push({ type: 'watch' });
      // What was taken back is not handed over again, where it would come after what was written since: if a hub has
      // it still, that hub decides, and else it is gone.
      for (const { aborted, n } of [...writes.open.values()]) {
        if (!aborted) continue;
        messages.push({ type: 'abort', id: mutationId(tab, n) });
        writes.settle({ type: 'failed', n, code: 'abort', message: 'Aborted by the caller' });
      }
      const all = [...writes.open.values()];
      if (all.length)
        messages.push({ type: 'writes', writes: all.map(({ wire }) => ({ ...wire, repeated })) });
      for (const { message } of reads.open.values()) messages.push(message);
      return messages;
    },
    welcomed({ stale }, again) {
      status.set({ host: host.kind, hostReason: host.reason, stale });
      if (stale) medulla.trigger('stale', medulla);
      if (!again) return;
      outbox.rejoined();
      following.rejoined();
    },
    batch,
    failed(error) {
      status.set({ connection: 'closed', host: host.kind, hostReason: String(error) });
      const gone = failure('no-hub', String(error));
      reads.fail(gone);
      writes.fail(gone);
    },
  });

  function batch(news: Batch) {
    applyBatch({ status, writes, reads, following, outbox, report }, news);
    for (const done of flushes) done();
  }
  const installation = createInstall({ backbone, routes: parts.routes, page, sync });
  const isEmpty = () => writes.open.size === 0 && status.attributes.pending === 0;

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
  function hide() {
    flushWrites();
    session.hide();
  }

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
    ready: firstConnection(status),
    install: chained(installation.install),
    uninstall: chained(installation.uninstall),
    follow,
    release,
    bind: (target: object, events?: FollowOptions['events']) => follow(target, events ? { events } : {}),
    unbind: release,
    bindBackend: (target: object) => follow(target),
    stateOf: (target: object) => stateOf(target as Model | Collection, writes, following, page),
    flush: () =>
      new Promise<void>((resolve) => {
        const done = () => {
          if (!isEmpty()) return;
          flushes.delete(done);
          resolve();
        };
        flushes.add(done);
        done();
      }),
    export: outbox.export,
    disconnect: line(false),
    reconnect: line(true),
    close: chained(() => {
      hide();
      const closed = failure('abort', 'Medulla was closed');
      for (const { settler } of [...writes.open.values()]) settler.settle(closed);
      reads.fail(closed);
      status.set({ connection: 'closed', reason: null });
    }),
    open: chained(session.open),
  };
  const medulla = Object.setPrototypeOf(own, backbone.Events) as Medulla<B>;
  lifecycle?.listen({ hide, show: session.open, see: session.see });
  session.open();
  return medulla;
}
