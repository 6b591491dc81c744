import { MedullaError } from '../../protocol/errors.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Answers, Followed } from '../../protocol/server-down.ts';
import type { Requests } from '../../protocol/server-up.ts';
import { tooFast } from '../limits/rates.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { answered } from './answered.ts';
import { InTurn } from './in-turn.ts';
import { checkNames } from './names.ts';
import { permitRead } from './permit-read.ts';
import type { Peer, SessionParts } from './session-parts.ts';
import { sound } from './sound.ts';

type Wish = Requests['follow']['topics'][number];

/** The topics that one connection hears of. */
export class Following {
  readonly #parts: SessionParts;
  readonly #session: SessionInfo;
  readonly #peer: Peer;
  readonly #topics = new Set<Topic>();
  /** A release must not overtake the follow before it. */
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
    return this.#turns.run(async () => {
      const answers: Followed[] = [];
      const taken = await this.#parts.rates.take('reads', this.#session, topics.length);
      for (const [at, wish] of topics.entries()) {
        const late = taken && at >= taken.allowed ? tooFast('reads', taken.after) : null;
        const many = at >= this.#parts.limits.topics ? this.#tooMany(wish.topic) : null;
        answers.push(await this.#begin(wish, late ?? many));
      }
      return { topics: answers };
    });
  }

  async page({ topic, at, after }: Requests['page']): Promise<Answers['page']> {
    const { store, page } = this.#parts;
    checkNames({ 'record id': after });
    const { answer } = await permitRead(this.#parts, this.#session, { topic });
    const head = await store.head(topic);
    // Where the application answers in the store's place, that has no pages: what is in the store is not for this user.
    if (answer !== undefined || head.epoch !== at.epoch)
      throw new MedullaError('gone', `The snapshot of ${topic} does not go on here: follow it again.`);
    const { rows, next } = await store.page(topic, after, page);
    return { rows: sound(this.#parts, topic, rows), next };
  }

  release(topic: Topic): Promise<void> {
    return this.#turns.run(() => this.#leave(topic));
  }

  /** What is being followed just now ends too. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#topics].map((topic) => this.#leave(topic)));
  }

  async #leave(topic: Topic): Promise<void> {
    if (this.#topics.delete(topic)) await this.#peer.leave(topic);
  }

  async #begin({ topic, cursor, live, options }: Wish, problem: MedullaError | null): Promise<Followed> {
    try {
      if (problem) throw problem;
      const { answer, head } = await permitRead(this.#parts, this.#session, { topic, options });
      if (live) await this.#join(topic);
      // It stands in the store's place; what changes there after that comes as a change.
      if (answer !== undefined && head)
        return {
          type: 'snapshot',
          topic,
          cursor: head,
          rows: await answered(this.#parts, topic, answer),
          next: null,
        };
    } catch (error) {
      if (!(error instanceof MedullaError) || isNoDenial(error.code)) throw error;
      await this.#leave(topic);
      return { type: 'denied', topic, code: error.code, message: error.message };
    }
    // The topic is joined before its log is read: what is committed in between comes twice rather than never.
    return this.#catchUp({ topic, cursor, live });
  }

  async #join(topic: Topic): Promise<void> {
    if (this.#isOver) throw new MedullaError('unreachable', 'This connection is ending: connect again.');
    if (this.#topics.has(topic)) return;
    if (this.#topics.size >= this.#parts.limits.topics) throw this.#tooMany(topic);
    this.#topics.add(topic);
    await this.#peer.join(topic);
  }

  #tooMany(topic: Topic): MedullaError {
    const { topics } = this.#parts.limits;
    return new MedullaError(
      'rate',
      `A connection follows at most ${topics} topics: ${topic.slice(0, 100)} is one too many.`,
    );
  }

  async #catchUp({ topic, cursor }: Wish): Promise<Followed> {
    const { store, page } = this.#parts;
    const missed = cursor && (await store.log(topic, cursor));
    if (cursor && missed) {
      const entries = sound(this.#parts, topic, missed.entries);
      const { epoch, offset, mark } = missed.cursor;
      const changes = { topic, epoch, from: cursor.offset, to: offset, mark, entries };
      return { type: 'changes', topic, changes };
    }
    // The head first: what changes while the pages are read is newer than it, and comes as a change.
    const head = await store.head(topic);
    const { rows, next } = await store.page(topic, null, page);
    return { type: 'snapshot', topic, cursor: head, rows: sound(this.#parts, topic, rows), next };
  }
}

/** It says nothing of the topic. */
const isNoDenial = (code: string): boolean => code === 'retry' || code === 'unreachable';
