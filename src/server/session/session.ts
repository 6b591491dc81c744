import type { Json } from '../../base/json.ts';
import { anything, list, Mismatch, type Of, object, parse, text } from '../../base/shape.ts';
import { badJson } from '../../protocol/attributes.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Topic, UserId } from '../../protocol/ids.ts';
import type { Receipt, RefusingReceipt } from '../../protocol/receipt.ts';
import type { Answers, RefusedAnswer } from '../../protocol/server-down.ts';
import { type RequestName, requests } from '../../protocol/server-up.ts';
import type { Admission } from '../admission/admission.ts';
import { Pass } from '../admission/pass.ts';
import { ToldRecords } from '../commit/told-records.ts';
import { afterOf } from '../limits/rates.ts';
import { Unanswered } from '../limits/unanswered.ts';
import { asJson } from '../messages/as-json.ts';
import { perform } from '../messages/perform.ts';
import { isRefusal, refused } from '../resource/refusal.ts';
import type { RequestInfo, SessionInfo } from '../resource/session-info.ts';
import { Following } from './follow.ts';
import { InTurn } from './in-turn.ts';
import { checkNames } from './names.ts';
import { once } from './parse-push.ts';
import { Push } from './push.ts';
import { read } from './read.ts';
import { type Peer, RETRY_AFTER, type SessionParts } from './session-parts.ts';

/** A push, its mutations not parsed yet: a bad one must not take the others with it. */
const rawPush = object({ user: text<UserId>(), mutations: list(anything) });

/** One connection, whatever carries it. */
export class Session implements SessionInfo {
  readonly id: string;
  readonly user: UserId;
  readonly device: string;
  readonly #pass: Pass;
  readonly #parts: SessionParts;
  readonly #peer: Peer;
  readonly #following: Following;
  readonly #ended: (session: Session, admission: Admission) => void;
  readonly #writes = new InTurn();
  /** What is under way; null = nothing, as mostly: there are thousands of sessions. */
  #answers: Set<Promise<unknown>> | null = null;
  readonly #unanswered: Unanswered;
  #isOver = false;

  constructor(
    id: string,
    admission: Admission,
    peer: Peer,
    parts: SessionParts,
    ended: (it: Session, admission: Admission) => void,
  ) {
    this.id = id;
    this.user = admission.user;
    this.device = admission.device;
    this.#parts = parts;
    this.#peer = peer;
    this.#ended = ended;
    this.#unanswered = new Unanswered(parts.limits.unanswered);
    this.#following = new Following(parts, this, peer);
    this.#pass = new Pass(parts, admission, this);
  }

  get identity(): unknown {
    return this.#pass.admission.identity;
  }

  get request(): RequestInfo {
    return this.#pass.admission.request;
  }

  /** Tells its page what is no change, by a type; '' is none. */
  send(type: string, content?: unknown): void {
    if (!this.#isOver) this.#peer.send('message', { type, content });
  }

  /** The answer to a request, whatever it is; a bad one is answered too. Never rejects. */
  async handle(name: string, message: unknown): Promise<Answers[RequestName] | RefusedAnswer> {
    const { clock, meter } = this.#parts;
    const since = clock.now();
    const answering = this.#unanswered
      .count(name, () => this.#answer(name, message))
      .catch((error) => this.#refusal(name, error));
    const answers = (this.#answers ?? new Set()).add(answering);
    this.#answers = answers;
    const answer = await answering;
    answers.delete(answering);
    if (answers.size === 0) this.#answers = null;
    meter.answered(name, answer, clock.now() - since);
    return answer;
  }

  /**
   * Asks again whether what it follows may be followed; without a topic also who this is: whom `authenticate` does not let in any more is hung up on.
   * Rejects where that could not be told.
   */
  async recheck(topic?: Topic): Promise<void> {
    if (this.#isOver) return;
    if (topic === undefined && !(await this.#pass.holds())) return this.hangUp();
    await this.#following.recheck(topic);
  }

  /** It was not told of what happened: it is told where the topics stand that it follows, and asks for what it misses. */
  stand(): Promise<void> {
    return this.#following.stand();
  }

  /** What it was told of the topic does not hold any more: it asks for it again. */
  beginAnew(topic: Topic): Promise<void> {
    return this.#following.beginAnew(topic);
  }

  /** What it follows. */
  get topics(): ReadonlySet<Topic> {
    return this.#following.topics;
  }

  /** What is under way is still carried out. Resolves once it is; idempotent. */
  async end(): Promise<void> {
    if (!this.#isOver) {
      this.#isOver = true;
      this.#pass.end();
      this.#ended(this, this.#pass.admission);
      this.#peer.ended();
      await this.#following.end();
    }
    await Promise.all(this.#answers ?? []);
  }

  /** The same, and hangs up: its client is to come back after so many milliseconds. */
  async leave(after: number): Promise<void> {
    if (!this.#isOver) this.#peer.send('leaving', { after });
    await this.end();
    await this.#peer.close();
  }

  /** Ends it where it may not go on. */
  async hangUp(): Promise<void> {
    this.#parts.log('info', 'session-ended', { user: this.user, session: this.id });
    // What is under way is still answered.
    await this.end();
    await this.#peer.close();
  }

  async #answer(name: string, message: unknown): Promise<Answers[RequestName]> {
    // Of a push it has to be known that nothing of it was done; what else is asked is asked of the next connection.
    if (this.#isOver)
      throw new MedullaError(
        name === 'push' ? 'retry' : 'unreachable',
        'This connection is ending: connect again.',
      );
    const { rates } = this.#parts;
    switch (name) {
      case 'push':
        return this.#push(parse(rawPush, message));
      case 'withdraw':
        return this.#withdraw(parse(requests.withdraw, message));
      case 'follow':
        return this.#following.follow(parse(requests.follow, message));
      case 'page':
        return this.#following.page(parse(requests.page, message));
      case 'release':
        await this.#following.release(parse(requests.release, message).topic);
        return {};
      case 'read':
        await rates.pass('reads', this);
        await this.#peer.room();
        return read(this.#parts, this, this.#peer, parse(requests.read, message));
      case 'message':
        await rates.pass('messages', this);
        await this.#peer.room();
        return this.#message(parse(requests.message, message));
      default:
        // Socket.IO lets numbers be names too.
        throw new MedullaError(
          'bad-message',
          `There is no request of this name: ${String(name).slice(0, 40)}`,
        );
    }
  }

  async #message({ content, to }: Of<typeof requests.message>): Promise<Answers['message']> {
    const bad = content === undefined ? undefined : badJson(content);
    if (bad) throw new MedullaError('bad-attribute', `The message has ${bad}.`);
    const said = (content ?? null) as Json;
    if (to) return { answer: await perform(this.#parts, this, this.#peer, to, said) };
    return { answer: asJson(await this.#parts.heard(this, said)) };
  }

  async #push({ user, mutations }: Of<typeof rawPush>): Promise<Answers['push']> {
    const { batch } = this.#parts.limits;
    if (mutations.length > batch)
      throw new MedullaError(
        'too-large',
        `A push holds at most ${batch} mutations: this one has ${mutations.length}.`,
      );
    return this.#writes.run(async () => {
      await this.#peer.room();
      const receipts = await this.#pushOf(mutations).run(user);
      return { receipts, number: await this.#parts.store.number() };
    });
  }

  #pushOf(mutations: readonly unknown[]): Push {
    return new Push(this.#parts, this, this.#peer, (run) => this.#following.tell(run), mutations);
  }

  async #withdraw({ user, ids }: Of<typeof requests.withdraw>): Promise<Answers['withdraw']> {
    if (user !== this.user) {
      const message = `This connection is that of '${this.user}'.`;
      return { receipts: [{ type: 'unauthorized', ids, code: 'wrong-user', message }] };
    }
    for (const id of ids) checkNames({ id });
    const message = 'This write was taken back by its author.';
    const asked = once(ids);
    await this.#parts.rates.pass('writes', this, asked.length);
    return this.#writes.run(async () => {
      const { store, clock, limits } = this.#parts;
      const [receipts, told]: [Receipt[], ToldRecords] = [[], new ToldRecords()];
      // Piece by piece: as many ids as one message holds would keep everybody else waiting.
      for (let at = 0; at < asked.length; at += limits.batch) {
        const piece = asked.slice(at, at + limits.batch);
        const receipt: RefusingReceipt = { type: 'withdrawn', ids: piece, code: 'withdrawn', message };
        const stand = (await store.refuse([{ user, receipt }], clock.now())).flat();
        receipts.push(...stand.map((one) => told.of(one)));
      }
      return { receipts };
    });
  }

  #refusal(name: string, error: unknown): RefusedAnswer {
    const { log } = this.#parts;
    if (isRefusal(error)) return this.#refusal(name, refused(error));
    if (error instanceof Mismatch) {
      log('warn', 'bad-message', { request: name, problem: error.message, session: this.id });
      return { refused: { code: 'bad-message', message: error.message } };
    }
    if (error instanceof MedullaError) {
      log('info', 'refused', { request: name, code: error.code, message: error.message, session: this.id });
      const { code, message, details } = error;
      const after = code === 'retry' ? RETRY_AFTER : afterOf(error);
      const more = after !== undefined ? { after } : details === undefined ? {} : { details };
      return { refused: { code, message, ...more } };
    }
    log('error', 'request-failed', { request: name, error, session: this.id });
    return { refused: { code: 'retry', message: 'The server could not do this now.', after: RETRY_AFTER } };
  }
}
