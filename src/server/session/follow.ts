import type { LiveChanges } from '../../protocol/change.ts';
import { type ErrorCode, MedullaError } from '../../protocol/errors.ts';
import type { RecordKey, Topic } from '../../protocol/ids.ts';
import type { Answers, Followed } from '../../protocol/server-down.ts';
import type { Requests } from '../../protocol/server-up.ts';
import { answeredPage } from '../answers/answered.ts';
import { catchUp, headOf } from '../answers/catch-up.ts';
import { snapshotPage } from '../answers/snapshot-page.ts';
import { AnswerBounds } from '../limits/answer-bounds.ts';
import { KeptOptions } from '../limits/kept-options.ts';
import { tooFast } from '../limits/rates.ts';
import { tooManyTopics } from '../limits/server-limits.ts';
import type { Run } from '../publish/run.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import type { Sight } from '../sight/sight.ts';
import { tell, type Viewer } from '../sight/viewers.ts';
import { InTurn } from './in-turn.ts';
import { permitRead, type Wanted } from './permit-read.ts';
import type { Peer, SessionParts } from './session-parts.ts';

type Wish = Requests['follow']['topics'][number];

/** The topics that one connection hears of. */
export class Following {
  readonly #parts: SessionParts;
  readonly #session: SessionInfo;
  readonly #peer: Peer;
  readonly #topics = new Set<Topic>();
  /** Of those of which not everybody sees the same. */
  #views: Map<Topic, Viewer> | null = null;
  /** What has to begin with a snapshot, whatever cursor comes. */
  #anew: Set<Topic> | null = null;
  /** What was said with a follow, for its further pages and for when it is asked again. */
  #options: KeptOptions | null = null;
  /** What is asked for, in its order, as fast as it is read. */
  readonly #asked = new InTurn();
  /** What changes what is followed: a recheck among it, which waits for nobody to read. */
  readonly #turns = new InTurn();
  #isOver = false;

  constructor(parts: SessionParts, session: SessionInfo, peer: Peer) {
    this.#parts = parts;
    this.#session = session;
    this.#peer = peer;
  }

  get topics(): ReadonlySet<Topic> {
    return this.#topics;
  }

  follow({ topics }: Requests['follow']): Promise<Answers['follow']> {
    return this.#asked.run(async () => {
      await this.#peer.room();
      return this.#turns.run(() => this.#follow(topics));
    });
  }

  page(wish: Requests['page']): Promise<Answers['page']> {
    return this.#asked.run(async () => {
      await this.#peer.room();
      return this.#page(wish);
    });
  }

  async stand(): Promise<void> {
    const topics = [...this.#topics];
    const heads = await this.#parts.store.heads(topics);
    for (const [at, topic] of topics.entries()) {
      const { offset, mark } = heads[at] ?? {};
      if (offset === undefined || mark === undefined || !this.#topics.has(topic)) continue;
      this.#peer.send('changes', { topic, from: offset, to: offset, mark, entries: [] });
    }
  }

  async #follow(topics: readonly Wish[]): Promise<Answers['follow']> {
    const answers: Followed[] = [];
    const wishes = [...new Map(topics.map((wish) => [wish.topic, wish])).values()];
    const bounds = new AnswerBounds(this.#parts.page, wishes.length);
    const most = this.#parts.limits.topics;
    const taken = await this.#parts.rates.take('reads', this.#session, wishes.length);
    for (const [at, wish] of wishes.entries()) {
      const late = taken && at >= taken.allowed ? tooFast('reads', taken.after) : null;
      const many = at >= most ? tooManyTopics(most, wish.topic) : null;
      const answer = await this.#begin(wish, bounds, late ?? many);
      bounds.count(answer);
      this.#goesOn(wish.topic, answer.type === 'snapshot' ? answer.next : null);
      answers.push(answer);
    }
    return { topics: answers };
  }

  async #page(wish: Requests['page']): Promise<Answers['page']> {
    const { topic, after } = wish;
    const { rates } = this.#parts;
    const isPaid = rates.pages.take(this.#session, topic, after);
    if (!isPaid) await rates.pass('reads', this.#session);
    try {
      const page = await snapshotPage(this.#parts, this.#session, wish, this.#wanted(topic));
      this.#goesOn(topic, page.next);
      return page;
    } catch (error) {
      // It is asked for again.
      if (isPaid && !isDenial(error)) this.#goesOn(topic, after);
      throw error;
    }
  }

  /** Asks again whether what is followed may be: of one topic, or of all. Where something else is to be seen now, it begins anew. */
  recheck(topic?: Topic): Promise<void> {
    return this.#turns.run(async () => {
      for (const one of topic === undefined ? [...this.#topics] : [topic])
        if (this.#topics.has(one)) await this.#look(one);
    });
  }

  beginAnew(topic: Topic): Promise<void> {
    return this.#turns.run(async () => {
      if (this.#topics.has(topic)) await this.#drop(topic, 'gone', `${topic} is asked for again.`);
    });
  }

  /** Tells its author what nobody else hears of, as far as they may see it. */
  tell(run: Run): void {
    const { topic, from, to, mark, entries } = run;
    const view = this.#views?.get(topic);
    if (view) tell(view, run);
    else if (this.#topics.has(topic)) this.#peer.send('changes', { topic, from, to, mark, entries });
  }

  release(topic: Topic): Promise<void> {
    return this.#asked.run(() => this.#turns.run(() => this.#leave(topic)));
  }

  /** What is being followed just now ends too. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#topics].map((topic) => this.#leave(topic)));
  }

  async #leave(topic: Topic): Promise<void> {
    this.#options?.forget(topic);
    this.#parts.rates.pages.forget(this.#session, topic);
    if (!this.#topics.delete(topic)) return;
    await this.#peer.leave(topic);
    this.#view(topic, null);
  }

  async #look(topic: Topic): Promise<void> {
    const before = this.#views?.get(topic)?.sight;
    try {
      const { sight } = await permitRead(this.#parts, this.#session, {
        ...this.#wanted(topic),
        isTrial: true,
      });
      const isSame = sight.tag === (before?.tag ?? '');
      if (isSame && !sight.isFiltered) return;
      if (isSame) this.#anew = (this.#anew ?? new Set()).add(topic);
      await this.#drop(topic, 'gone', `What may be seen of ${topic} has changed: it is asked for again.`);
    } catch (error) {
      if (!(error instanceof MedullaError)) throw error;
      await this.#drop(topic, error.code, error.message);
    }
  }

  #wanted(topic: Topic): Wanted {
    return { topic, options: this.#options?.of(topic) };
  }

  #keep(topic: Topic, options: Wish['options']): void {
    this.#options?.forget(topic);
    if (!options) return;
    this.#options ??= new KeptOptions(this.#parts.limits.options);
    this.#options.keep(topic, options);
  }

  /** The page after `next` is asked for next; null = none is left to ask for. */
  #goesOn(topic: Topic, next: RecordKey | null): void {
    const { rates, limits } = this.#parts;
    if (next !== null) rates.pages.pay(this.#session, topic, next, limits.topics);
    else rates.pages.forget(this.#session, topic);
    if (next === null && !this.#topics.has(topic)) this.#options?.forget(topic);
  }

  /** Ends a follow. With a code that passes the client asks for it again. */
  async #drop(topic: Topic, code: ErrorCode, message: string): Promise<void> {
    await this.#leave(topic);
    if (!this.#isOver) this.#peer.send('denied', { topic, code, message });
  }

  /** From now on it is seen like this; null = it is not followed, or all of it is seen. */
  #view(topic: Topic, sight: Sight | null): void {
    const { viewers } = this.#parts;
    const before = this.#views?.get(topic);
    if (before) viewers.leave(topic, before);
    this.#views?.delete(topic);
    if (!sight || (sight.tag === '' && !sight.isFiltered)) return;
    const tell = (changes: LiveChanges) => this.#peer.send('changes', changes);
    const view: Viewer = { sight, tell };
    this.#views ??= new Map();
    this.#views.set(topic, view);
    if (sight.isFiltered) viewers.join(topic, view);
  }

  async #begin(
    { topic, cursor, live, options }: Wish,
    bounds: AnswerBounds,
    problem: MedullaError | null,
  ): Promise<Followed> {
    let sight: Sight;
    try {
      if (problem) throw problem;
      const permitted = await permitRead(this.#parts, this.#session, { topic, options });
      const { answer } = permitted;
      sight = permitted.sight;
      this.#keep(topic, options);
      if (live) await this.#join(topic, sight);
      // It stands in the store's place; what changes there after that comes as a change.
      if (answer) {
        const first = { after: null, bounds: bounds.page };
        const { rows, next } = await answeredPage(this.#parts, topic, answer, first);
        return { type: 'snapshot', topic, cursor: sight.told(answer.head), rows: sight.rows(rows), next };
      }
    } catch (error) {
      if (!isDenial(error)) throw error;
      await this.#leave(topic);
      return { type: 'denied', topic, code: error.code, message: error.message };
    }
    // The topic is joined before its log is read: what is committed in between comes twice rather than never.
    const isAnew = this.#anew?.has(topic);
    const followed = await catchUp(this.#parts, { topic, cursor: isAnew ? null : cursor }, sight, bounds);
    if (isAnew) this.#anew?.delete(topic);
    if (live && this.#topics.has(topic)) this.#parts.delivery.began(topic, headOf(followed));
    return followed;
  }

  async #join(topic: Topic, sight: Sight): Promise<void> {
    if (this.#isOver) throw new MedullaError('unreachable', 'This connection is ending: connect again.');
    if (this.#topics.has(topic)) return this.#view(topic, sight);
    const most = this.#parts.limits.topics;
    if (this.#topics.size >= most) throw tooManyTopics(most, topic);
    this.#topics.add(topic);
    // Before anybody could tell it what it does not see.
    this.#view(topic, sight);
    await this.#peer.join(topic);
  }
}

/** It says something of the topic. */
const isDenial = (error: unknown): error is MedullaError =>
  error instanceof MedullaError && error.code !== 'retry' && error.code !== 'unreachable';
