import type { Log } from '../../base/log.ts';
import { type RealId, renamedPath } from '../../protocol/aliases/renamed.ts';
import type { Topic } from '../../protocol/ids.ts';
import { isWhole, laidOn } from '../../protocol/laying.ts';
import type { Decided, TopicState } from '../../protocol/tab-down.ts';
import type { TabUp } from '../../protocol/tab-up.ts';
import type { Collection, Model, Sync } from '../backbone.ts';
import { type Address, isCollection, modelsOf } from '../calls/address.ts';
import type { Write } from '../calls/lanes.ts';
import type { Reads } from '../calls/reads.ts';
import type { Failure } from '../calls/request.ts';
import type { Writes } from '../calls/writes.ts';
import type { Each } from '../each.ts';
import type { Hydration } from '../options.ts';
import { depart, look, lookedFor, pending, place, viewOf } from '../views/view.ts';
import { applySights, type Shower, type Sight, sightOf } from './apply-sights.ts';
import { confirmed } from './confirmed.ts';
import { ending } from './ending.ts';
import { findModel, recordOf } from './find-model.ts';
import { type Follower, type FollowOptions, strongly, weakly } from './follower.ts';
import { instanceFor, instanceOf, seenOf, tellState } from './instances.ts';
import { isOwn } from './is-own.ts';
import { letGo } from './let-go.ts';
import { missing } from './missing.ts';

export interface FollowingParts {
  readonly post: (message: TabUp) => void;
  readonly reads: Pick<Reads, 'ask'>;
  readonly each: Each;
  readonly log: Log;
  readonly sync: Sync;
  readonly hydrate?: Hydration;
  readonly user: string | null;
  /** `lay`: the record with this tab's writes after number `n` on top. */
  readonly writes: Pick<Writes, 'lay' | 'lane' | 'holds' | 'isUnderway'>;
}

export type Following = ReturnType<typeof createFollowing>;

/** The topics that this tab follows, and who in it does. The hub counts tabs; followers are counted here. */
export function createFollowing(parts: FollowingParts) {
  const { post, reads, each, writes, log } = parts;
  const topics = new Map<Topic, TopicState>();
  const followers = new Set<Follower>();

  function stop(follower: Follower) {
    if (!followers.delete(follower)) return;
    follower.stop();
    const { topic } = follower;
    if ([...followers].some((other) => other.topic === topic)) return;
    topics.delete(topic);
    post({ type: 'release', topic });
  }

  /** Those of the topic, or all. */
  function* targets(topic?: Topic): Generator<[Follower, Model | Collection]> {
    for (const follower of [...followers]) {
      if (topic && follower.topic !== topic) continue;
      const target = follower.target();
      if (target) yield [follower, target];
      else stop(follower);
    }
  }

  /** What the page came with of the topic, and how the hub is asked for it. */
  const came = (topic: Topic) => parts.hydrate?.snapshot(topic, parts.user);
  const wish = (topic: Topic) => ({ type: 'follow', topic, snapshot: came(topic) }) as TabUp;

  const followersOf = (target: unknown) => [...followers].filter((one) => one.target() === target);

  function show(shower: Shower, target: Model | Collection, sights: readonly Sight[], extra = {}) {
    each([0], () => applySights(shower, target, sights, each, writes.isUnderway, extra));
  }

  /** The hub shows these records, as they are to look in this tab. */
  function showAll(topic: Topic, sights: readonly Sight[]) {
    for (const [follower, target] of targets(topic)) show(follower, target, sights);
  }

  /** The record is not there, and what was changed here goes with it. */
  function gone(model: Model) {
    const instance = instanceOf(model);
    if (instance?.record === undefined) return;
    instance.agreed = null;
    instance.stage = 'there';
    showAll(instance.topic, [{ record: instance.record, attrs: null }]);
  }

  /**
   * Asks for what the target is to start from, and for what it may have missed. `again`: another hub, which may know less
   * than the one before has shown; where it cannot ask the server now, what is here stays until it has.
   */
  function load(follower: Follower, again = false) {
    const target = follower.target();
    if (!target) return;
    const isWhole = isCollection(target);
    const record = isWhole ? undefined : recordOf(target);
    if (!isWhole && record === undefined) return;
    const { topic: name, options } = follower;
    const { query } = viewOf(target);
    const answer = ({ rows, stale }: { rows: readonly Sight[]; stale: boolean }) => {
      const { topic } = follower;
      follower.behind = again && stale;
      if (follower.behind) return;
      const idle = modelsOf(target).filter((model) => !writes.holds(model));
      const others = missing(idle, topic, rows).map((one): Sight => ({ ...one, attrs: null }));
      const isPicked = isWhole && query;
      show({ topic, options, chosen: true }, target, isPicked ? rows : [...rows, ...others]);
      // What the server has not chosen may be there all the same.
      if (isPicked) each(others, ({ record }) => depart(target, findModel(target, topic, record)));
    };
    const cache = again || query ? 'network' : 'first';
    // What may not be seen goes, as where it is not there.
    const fail = ({ code }: Failure) =>
      again && answer({ rows: [], stale: code !== 'forbidden' && (isWhole || code !== 'not-found') });
    reads.ask({ topic: name, record, query, cache, pending: pending(target) }, { answer, fail });
  }

  return {
    topics,
    targets,
    wish,
    follow(
      target: Model | Collection,
      { topic, record, query }: Address,
      options: FollowOptions,
      weak: boolean,
    ): void {
      if ((options.until as Partial<AbortSignal> | undefined)?.aborted) return;
      if (!isCollection(target)) instanceFor(target, topic, record);
      // A fetch says itself what it looks for.
      if (!weak) look(target, lookedFor(target, { ...options }), query);
      if (weak && followersOf(target).some((other) => other.topic === topic)) return;
      const follower: Follower = {
        topic,
        options,
        target: (weak ? weakly : strongly)(target),
        asked: false,
        stop: () => undefined,
      };
      followers.add(follower);
      if (!topics.has(topic)) {
        topics.set(topic, { topic, loaded: false, synced: false });
        post(wish(topic));
      }
      show(follower, target, came(topic)?.rows.map(sightOf) ?? []);
      if (!weak) {
        follower.stop = ending(target, options, () => stop(follower));
        queueMicrotask(() => follower.asked || load(follower));
      }
    },
    /** Somebody fetches it: nobody else needs to. */
    asked(target: Model | Collection) {
      for (const follower of followersOf(target)) follower.asked = true;
    },
    /** Topics are under records that have their ids now; the hub knows. */
    rename(real: RealId) {
      for (const follower of followers) follower.topic = renamedPath(follower.topic, real);
      for (const [name, state] of [...topics]) {
        const topic = renamedPath(name, real);
        if (topic !== name && topics.delete(name)) topics.set(topic, { ...state, topic });
      }
    },
    release(target: Model | Collection) {
      followersOf(target).forEach(stop);
    },
    gone,
    show: showAll,
    /** A write of one instance: the others of its record in this tab change with it. */
    spread(write: Write) {
      const { n, model, wire } = write;
      const { mutation, wait } = wire;
      const { topic, record, method } = mutation;
      const whole = isWhole(mutation);
      for (const [follower, target] of targets(topic)) {
        if (isOwn(target, model, mutation)) {
          if (method !== 'delete') each([target], (own) => place(own, model));
          continue;
        }
        const other = findModel(target, topic, record);
        // It has been shown with it already.
        if (other && wait && (instanceOf(other)?.n ?? 0) >= n) continue;
        // What begins to belong is not here yet: its author has it whole.
        const of = other ?? (viewOf(target).where && !whole ? model : undefined);
        const seen = seenOf(of);
        if (!seen && !whole) continue; // it has never been shown what this builds on
        const attrs = writes.lay(topic, { record, attrs: laidOn(seen, mutation) }, n);
        const version = other ? undefined : instanceOf(model)?.version;
        show(follower, target, [{ record, attrs, version }]);
      }
    },
    /** What the model's record is has been told: its models here come or go by that. `isReceipt`: see {@link confirmed}. */
    place(model: Model, isReceipt = false) {
      const instance = instanceOf(model);
      if (instance?.record === undefined) return;
      const { topic, record } = instance;
      for (const [, target] of targets(topic)) {
        const one = isOwn(target, model, { topic, record }) ? model : findModel(target, topic, record);
        if (one && isReceipt) confirmed(one, instance);
        if (one) each([target], () => place(target, one));
      }
    },
    restore({ model, collection, instance, wire, before: { agreed, stage } }: Write) {
      const { topic, record } = wire.mutation;
      if (!collection || !instance.seen || findModel(collection, topic, record)) return;
      const sight: Sight = { record, attrs: instance.seen, state: 'rejected' };
      show({ topic, options: {} }, collection, [sight], { restored: true });
      const back = findModel(collection, topic, record);
      const anew = back && back !== model && instanceOf(back);
      if (anew) Object.assign(anew, { version: instance.version }, !agreed && { agreed, stage });
    },
    /** A refused write is given up or sent again; where a later one has taken its place, there is nothing to decide. */
    decided({ mutation, edit }: Pick<Decided, 'mutation'> & { edit?: Decided['edit'] | undefined }) {
      const { topic, record } = mutation;
      if (writes.lane(topic, record).some(({ overtakes }) => overtakes)) return;
      for (const [, target] of targets(topic)) letGo(findModel(target, topic, record), mutation, edit);
    },
    topicState(state: TopicState) {
      const { topic, refused } = state;
      const before = topics.get(topic);
      if (!before) return;
      topics.set(topic, state);
      if (state.loaded) parts.hydrate?.known(topic);
      const isRefused = refused && refused.code !== before.refused?.code;
      if (isRefused) log('warn', refused.code, { topic, ...refused });
      for (const [follower, target] of targets(topic)) {
        if ((state.synced || refused?.code === 'forbidden') && follower.behind) load(follower, true);
        if (state.synced && !before.synced) target.trigger('medulla:synced', target);
        // A fetch tells its own failure; else one is made, to fail as the follow did.
        if (isRefused && (before.loaded || !follower.asked))
          parts.sync('read', target, { error: (request) => target.trigger('error', target, request, {}) });
      }
    },
    /** Another hub: it knows nothing of what this tab has been shown. */
    rejoined() {
      for (const [follower, target] of targets()) {
        for (const model of modelsOf(target)) {
          const instance = instanceOf(model);
          // It shows again those that are on their way or refused, and no others.
          if (instance?.state !== 'pending' && instance?.state !== 'rejected') continue;
          instance.state = 'clean';
          tellState(model, instance);
        }
        load(follower, true);
      }
    },
  };
}
