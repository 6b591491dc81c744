import { fits, Mismatch, object, text } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import { Connections } from '../limits/connections.ts';
import type { Who } from '../limits/who.ts';
import type { RequestInfo } from '../resource/session-info.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { Admission } from './admission.ts';
import { type Authenticate, admit } from './admit.ts';
import { ToldOnce } from './told-once.ts';

/** The request as it is now: with what the middleware of the handshake finds out about it anew. */
export type Renew = (request: RequestInfo) => Promise<RequestInfo>;

interface Asked {
  readonly authenticate?: Authenticate | undefined;
  readonly who?: Who | undefined;
  readonly renew?: Renew | undefined;
}

type Parts = Pick<SessionParts, 'store' | 'clock' | 'log' | 'meter' | 'limits'>;

/** Lets handshakes in, and keeps the log of those that were not. */
export class Admissions {
  readonly #parts: Parts;
  readonly #authenticate: Authenticate | undefined;
  readonly #ready: Promise<void>;
  readonly #renew: Renew;
  readonly #told: ToldOnce;
  readonly #connections: Connections;
  readonly #who: Who;
  readonly #rechecks: { readonly count: number };
  #isClosed = false;

  /** `ready` rejects where the store does not open. */
  constructor(
    parts: Parts,
    { authenticate, who = ({ user }) => user, renew = async (request) => request }: Asked,
    ready: Promise<void>,
    rechecks: { readonly count: number },
  ) {
    this.#parts = parts;
    this.#authenticate = authenticate;
    this.#renew = renew;
    this.#ready = ready;
    this.#told = new ToldOnce(parts.clock);
    this.#connections = new Connections(parts.limits.connections);
    this.#who = who;
    this.#rechecks = rechecks;
  }

  /** Counts a connection that was let in. Throws a MedullaError where its user has too many by now. */
  begin({ who }: Admission): void {
    this.#connections.begin(who);
  }

  end({ who }: Admission): void {
    this.#connections.end(who);
  }

  /** Nobody more is let in. */
  close(): void {
    this.#isClosed = true;
  }

  /** Rejects with the MedullaError that the client is to hear; with `problem` where there is one. */
  async admit(handshake: unknown, request: RequestInfo, problem: MedullaError | null): Promise<Admission> {
    // What is asked from now on concerns them, too.
    const { count: asked } = this.#rechecks;
    try {
      await this.#opened();
      if (this.#isClosed) throw new MedullaError('retry', 'The server is closing: it is tried again.');
      if (problem) throw problem;
      const admission = await admit(handshake, request, this.#authenticate, this.#parts.clock.now());
      const number = await this.#parts.store.number();
      const who = this.#who(admission);
      this.#connections.check(who);
      this.#parts.meter.handshake('welcome');
      return { ...admission, number, who, asked };
    } catch (error) {
      const refusal = this.#refusal(error, handshake);
      this.#parts.meter.handshake(refusal.code);
      throw refusal;
    }
  }

  /** Who this is now, by what was said when it was let in. Rejects with a MedullaError, `retry` where that cannot be told. */
  async again(before: Admission): Promise<Admission> {
    const { user, device, token } = before;
    const handshake = { protocol: PROTOCOL, user, device, token };
    const request = await this.#renew(before.request);
    return { ...before, ...(await admit(handshake, request, this.#authenticate, this.#parts.clock.now())) };
  }

  /** What a client is to know of a store that does not open: its file's name is none of its business. */
  async #opened(): Promise<void> {
    try {
      await this.#ready;
    } catch (cause) {
      const message =
        'The server cannot open its store, and says in its log why: it has to be started again.';
      throw new MedullaError('storage', message, { cause });
    }
  }

  /** What the client hears where it is not let in; what the server's people are to know of it is in the log. */
  #refusal(error: unknown, handshake: unknown): MedullaError {
    const { log } = this.#parts;
    if (error instanceof Mismatch) return this.#refusal(new MedullaError('bad-message', error.message), null);
    if (!(error instanceof MedullaError) || error.code === 'retry') {
      if (!this.#isClosed) log('error', 'admission-failed', { error });
      return error instanceof MedullaError
        ? error
        : new MedullaError('retry', 'The server is not ready, and says in its log why: it is tried again.');
    }
    const { code, message } = error;
    const user = fits(object({ user: text() }), handshake) ? handshake.user.slice(0, 100) : '';
    // That its store does not open has been logged already.
    const isNews = code !== 'storage' && this.#told.isNew(code, user);
    log(isNews ? 'warn' : 'debug', 'not-admitted', { code, message, user });
    return error;
  }
}
