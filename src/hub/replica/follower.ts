import { unreachable } from '../../base/assert.ts';
import { type BackoffBounds, backoff } from '../../base/backoff.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Changes, Entry, LiveChanges } from '../../protocol/change.ts';
import { errorOf } from '../../protocol/errors.ts';
import type { Epoch, Topic as TopicName } from '../../protocol/ids.ts';
import type { Followed, ServerEvents } from '../../protocol/server-down.ts';
import type { Line } from '../line.ts';
import type { Op } from '../storage.ts';
import type { Changed } from './applied.ts';
import type { Following } from './following.ts';
import { isPassing } from './is-passing.ts';
import type { Replica } from './replica.ts';
import type { Topic } from './topic.ts';

export interface FollowerListener {
  /** The topic's cursor moved. The steps go to the disk with what else ends by this, and may linger for so long. */
  moved(topic: Topic, changed: Changed, ops: readonly Op[]): void;
  /** Changes have come, of whatever topic; they may not be applied yet. */
  arrived(entries: readonly Entry[]): void;
  /** Resolves when what the server tells of the topic can be told from what is on its way there; undefined = it can. */
  settled(topic: TopicName): Promise<void> | undefined;
  /** What was asked for has an end: the topic is caught up, or it is denied, or the connection is gone. */
  asked(topic: Topic, caughtUp: boolean, headers?: Attributes): void;
}

/** So many changes are put by while a topic is asked for; with more it is asked for again. */
const EARLY = 1_000;

type Begun = Extract<Followed, { type: 'snapshot' }>;

export interface FollowerParts {
  readonly replica: Replica;
  readonly line: Line;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly options: { readonly backoff: BackoffBounds };
  readonly listener: FollowerListener;
}

/**
 * Keeps topics equal to the server's: asks from the cursor on, applies what comes, and asks again where something is
 * missing. What is asked for in one turn goes in one request.
 *
 *   idle ──want──▶ asking ──changes──▶ live (or idle, for a read)
 *                   ▲  ├── snapshot ── pages ──▶ live
 *                   │  └── not now ──▶ waiting ──clock──▶ asking
 *                   └── gap
 */
export class Follower {
  readonly #replica: Replica;
  readonly #line: Line;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #log: Log;
  readonly #bounds: BackoffBounds;
  readonly #listener: FollowerListener;
  /** How often in a row the server could do nothing for a topic. */
  readonly #attempts = new Map<Topic, number>();
  #wanted = new Set<Topic>();

  constructor({ replica, line, clock, random, log, options, listener }: FollowerParts) {
    this.#replica = replica;
    this.#line = line;
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
    this.#bounds = options.backoff;
    this.#listener = listener;
  }

  /** Brings the topic up to date, and keeps it so while tabs follow it. Without a connection: when there is one, if it is followed. */
  want(topic: Topic): void {
    if (!this.#line.welcome || topic.isUnmade || topic.following.type === 'asking') return;
    topic.following = { type: 'asking', live: null };
    topic.early = [];
    this.#wanted.add(topic);
    if (this.#wanted.size === 1) queueMicrotask(() => this.#ask());
  }

  /** A new connection: everything that tabs follow is asked for. */
  opened(): void {
    this.#replica.met(this.#line.welcome?.node);
    for (const topic of this.#replica.topics()) if (topic.followers > 0) this.want(topic);
  }

  lost(): void {
    this.#wanted.clear();
    for (const topic of this.#replica.topics()) {
      topic.following = { type: 'idle' };
      this.#listener.asked(topic, false);
    }
  }

  /** The last tab released it. While it is asked for, somebody may wait for the answer: it is released after that. */
  release(topic: Topic): void {
    const { type } = topic.following;
    if (type === 'live' || type === 'waiting') this.#release(topic);
  }

  #release(topic: Topic): void {
    topic.following = { type: 'idle' };
    this.#line.request('release', { topic: topic.name }).catch(() => undefined);
  }

  /** Changes that the server sent unasked. */
  changes(changes: LiveChanges): void {
    this.#listener.arrived(changes.entries);
    const topic = this.#replica.get(changes.topic);
    if (!topic || topic.followers === 0) return;
    if (topic.following.type === 'asking') {
      topic.early.push(changes);
      if (topic.early.length > EARLY) topic.early.shift();
    } else if (topic.following.type === 'live' && !this.#apply(topic, changes)) this.want(topic);
  }

  /** Something of the topic was read in this life of the server's database: what is kept of another is nothing now. */
  met(topic: Topic, epoch: Epoch): void {
    // Who follows it gets a snapshot.
    if (topic.followers === 0 && topic.life !== null && topic.life !== epoch) this.#forget(topic);
    topic.life = epoch;
  }

  denied({ topic: name, code, message }: ServerEvents['denied']): void {
    const topic = this.#replica.get(name);
    if (topic) this.#deny(topic, code, message);
  }

  async #ask(): Promise<void> {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    if (wanted.length === 0) return;
    const topics = wanted.map((topic) => {
      const live = topic.followers > 0;
      topic.following = { type: 'asking', live };
      return { topic: topic.name, cursor: topic.cursor, live, ...topic.asked };
    });
    // The link's end, and whatever ends it before its answer, puts something else in its place.
    const asked = new Map(wanted.map((topic) => [topic, topic.following]));
    const isAsked = (topic: Topic) => topic.following === asked.get(topic);
    const failed = (topics: readonly Topic[]) => (error: unknown) =>
      this.#failed(topics.filter(isAsked), error);
    try {
      const answer = await this.#line.request('follow', { topics });
      const answers = new Map(answer.topics.map((followed) => [followed.topic, followed]));
      for (const [topic, following] of asked)
        this.#answered(topic, following, answers.get(topic.name)).catch(failed([topic]));
    } catch (error) {
      failed(wanted)(error);
    }
  }

  #failed(topics: readonly Topic[], error: unknown): void {
    const { code, message } = errorOf(error);
    if (code === 'unreachable' || topics.length === 0) return;
    this.#log('warn', 'follow-failed', { code, message });
    for (const topic of topics) this.#deny(topic, code, message);
  }

  /** The server can do nothing now: whoever waits is told, and it is asked again if it is still followed then. */
  #later(topic: Topic, code: string, message: string): void {
    const attempt = this.#attempts.get(topic) ?? 0;
    this.#attempts.set(topic, attempt + 1);
    const following = { type: 'waiting', code, message } as const;
    topic.following = following;
    this.#clock.after(backoff(attempt, this.#bounds, this.#random), () => {
      if (topic.following !== following) return;
      topic.following = { type: 'idle' };
      if (topic.followers > 0) this.want(topic);
    });
    this.#listener.asked(topic, false);
  }

  async #answered(topic: Topic, asked: Following, followed: Followed | undefined): Promise<void> {
    const settled = this.#listener.settled(topic.name);
    if (settled) await settled;
    if (topic.following !== asked) return;
    switch (followed?.type) {
      case 'changes':
        // An answer that does not fit the cursor that it was asked with: begin anew.
        if (!this.#apply(topic, followed.changes)) topic.cursor = null;
        return this.#settled(topic, followed.headers);
      case 'snapshot':
        return this.#snapshot(topic, asked, followed);
      case 'denied':
        return this.#deny(topic, followed.code, followed.message);
      case undefined:
        return this.#deny(topic, 'bad-message', `The server's answer does not name ${topic.name}`);
      default:
        return unreachable(followed);
    }
  }

  /** Collects the pages, puts the whole in place in one transaction, then what came meanwhile. */
  async #snapshot(topic: Topic, asked: Following, begun: Begun): Promise<void> {
    const { cursor, headers } = begun;
    const rows = [...begun.rows];
    for (let { next } = begun; next !== null; ) {
      const page = await this.#line.request('page', { topic: topic.name, at: cursor, after: next });
      if (topic.following !== asked) return;
      rows.push(...page.rows);
      next = page.next;
    }
    const { changed, ops } = topic.replace(rows, cursor, this.#clock.now());
    this.#listener.moved(topic, changed, ops);
    this.#settled(topic, headers);
  }

  #settled(topic: Topic, headers?: Attributes): void {
    const live = topic.following.type === 'asking' && topic.following.live === true;
    const whole = topic.cursor !== null && topic.early.every((changes) => this.#apply(topic, changes));
    topic.early = [];
    topic.following = { type: live ? 'live' : 'idle' };
    this.#attempts.delete(topic);
    if (!whole || (!live && topic.followers > 0)) {
      this.want(topic);
      return;
    }
    topic.current = true;
    if (live && topic.followers === 0) this.#release(topic);
    this.#listener.asked(topic, true, headers);
  }

  #apply(topic: Topic, changes: Changes | LiveChanges): boolean {
    const applied = topic.apply(changes, this.#clock.now());
    if (applied.type === 'gap') return false;
    this.#listener.moved(topic, applied.changed, applied.ops);
    return true;
  }

  #deny(topic: Topic, code: string, message: string): void {
    if (isPassing(code)) this.#later(topic, code, message);
    else {
      topic.following = { type: 'denied', code, message };
      // That there is nothing is sure, for tabs too that an earlier hub had shown it to.
      topic.current ||= code === 'forbidden';
      if (code === 'forbidden') this.#forget(topic);
      this.#listener.asked(topic, false);
    }
  }

  #forget(topic: Topic): void {
    const { changed, ops } = topic.forget();
    this.#listener.moved(topic, changed, ops);
  }
}
