import { backoff } from '../base/backoff.ts';
import type { Cancel } from '../base/clock.ts';
import { MedullaError } from '../protocol/errors.ts';
import type { Answers, ServerEvents, Welcome } from '../protocol/server-down.ts';
import type { RequestName, Requests } from '../protocol/server-up.ts';
import type { Link, LinkEnd } from './connection.ts';
import type { HubOptions, HubParts } from './parts.ts';

/** `closed`: the user's own switch. `waiting`: until the next attempt. `paused`: the server said no; it is asked again, seldom. */
export type LineState =
  | { readonly type: 'closed' }
  | { readonly type: 'connecting'; readonly link: Link | null }
  | { readonly type: 'open'; readonly link: Link; readonly welcome: Welcome }
  | { readonly type: 'waiting' | 'paused'; readonly cancel: Cancel; readonly why: Why };

/** Why there is no connection: an ErrorCode, or 'deadline', and a sentence. */
export interface Why {
  readonly code: string;
  readonly message: string;
}

export interface LineListener {
  opened(): void;
  /** It was open and is not any more. */
  lost(): void;
  changed(): void;
  event<K extends Exclude<keyof ServerEvents, 'welcome' | 'leaving'>>(name: K, event: ServerEvents[K]): void;
  /** A token for the next attempt, from a living tab; null = there is none to be had. */
  token(): Promise<string | null>;
}

/**
 * Keeps one link to the server for as long as it is wanted.
 *
 *   closed ──open()──▶ connecting ──welcome──▶ open
 *                        ▲   │ lost               │ lost
 *                        │   ▼                    ▼
 *                        └─ waiting (full jitter) ┘      refused ──▶ paused ──▶ connecting
 */
export class Line {
  readonly #parts: HubParts;
  readonly #options: HubOptions;
  readonly #listener: LineListener;
  #state: LineState = { type: 'closed' };
  #attempt = 0;
  #failed = 0;
  #refusals = 0;
  #openedAt = 0;
  /** For how long the server wants nobody back, in milliseconds. */
  #away = 0;
  /** When there was last a reason not to wait. */
  #hurriedAt = Number.NEGATIVE_INFINITY;
  /** Tells the link of now from those before it, whose last words may still come. */
  #turn = 0;

  constructor(parts: HubParts, options: HubOptions, listener: LineListener) {
    this.#parts = parts;
    this.#options = options;
    this.#listener = listener;
  }

  get state(): LineState {
    return this.#state;
  }

  /** Attempts that have come to nothing since it was last open. */
  get failed(): number {
    return this.#failed;
  }

  /** The server's welcome while the line is open. */
  get welcome(): Welcome | null {
    return this.#state.type === 'open' ? this.#state.welcome : null;
  }

  /** There is no connection, and none on its way. */
  get isOffline(): boolean {
    const { type } = this.#state;
    return type !== 'open' && type !== 'connecting';
  }

  open(): void {
    this.#hurriedAt = Number.NEGATIVE_INFINITY;
    if (this.#state.type === 'closed') this.#connect();
    else this.hurry();
  }

  /**
   * There is reason to think that it would work now: a wait for the next attempt ends, and those after it are short
   * again. Twelve tabs that wake together are one reason: there is one such attempt in the time of a first wait.
   */
  hurry(): void {
    const state = this.#state;
    if (state.type !== 'waiting' && state.type !== 'paused') return;
    const { clock } = this.#parts;
    const go = () => {
      this.#hurriedAt = clock.now();
      if (state.type === 'waiting') this.#attempt = 0;
      this.#connect();
    };
    state.cancel();
    // Somebody may have set the clock back.
    const wait = Math.min(this.#hurriedAt - clock.now(), 0) + this.#options.backoff.base;
    if (wait > 0) this.#state = { ...state, cancel: clock.after(wait, go) };
    else go();
  }

  close(): void {
    this.#leave({ type: 'closed' });
  }

  /** Gives the present link up, as if the network had, and tries again at once or later. */
  drop(code: string): void {
    const message = 'The server did not answer in time';
    if (this.#state.type === 'open' || this.#state.type === 'connecting')
      this.#wait('waiting', { code, message });
  }

  /** The server wants another token than the one that it has. Where it soon wants another again, the wait grows. */
  unauthorized(): void {
    if (this.#state.type !== 'open') return;
    const { clock } = this.#parts;
    if (clock.now() - this.#openedAt > this.#options.backoff.cap) this.#refusals = 0;
    this.#attempt = this.#refusals++;
    this.#wait('paused', { code: 'unauthorized', message: 'The server wants another token' });
  }

  /** Rejects as a Link does, and with `timeout` after the deadline, which gives the link up. */
  async request<K extends RequestName>(name: K, request: Requests[K]): Promise<Answers[K]> {
    if (this.#state.type !== 'open')
      throw new MedullaError('unreachable', `Cannot ${name}: there is no connection`);
    const turn = this.#turn;
    const cancel = this.#parts.clock.after(this.#options.deadline, () => {
      if (turn === this.#turn) this.drop('deadline');
    });
    try {
      return await this.#state.link.request(name, request);
    } finally {
      cancel();
    }
  }

  async #connect(): Promise<void> {
    const turn = ++this.#turn;
    this.#to({ type: 'connecting', link: null });
    const token = await this.#listener.token();
    if (turn !== this.#turn) return;
    const mine = () => turn === this.#turn;
    const cancel = this.#parts.clock.after(this.#options.deadline, () => mine() && this.drop('deadline'));
    const link = this.#parts.connection.connect(
      { user: this.#parts.user, token, device: this.#parts.device },
      {
        opened: (welcome) => {
          cancel();
          if (mine()) this.#opened(link, welcome);
        },
        event: (name, event) => {
          if (!mine()) return;
          if (name === 'leaving') this.#away = (event as ServerEvents['leaving']).after;
          else this.#listener.event(name as 'changes', event as ServerEvents['changes']);
        },
        closed: (end) => {
          cancel();
          if (mine()) this.#closed(end);
        },
      },
    );
    this.#to({ type: 'connecting', link });
  }

  #opened(link: Link, welcome: Welcome): void {
    if (welcome.user !== this.#parts.user) {
      const message = `The server knows this user as '${welcome.user}', and not as '${this.#parts.user}'`;
      this.#wait('paused', { code: 'wrong-user', message });
      return;
    }
    this.#attempt = this.#failed = 0;
    this.#openedAt = this.#parts.clock.now();
    this.#to({ type: 'open', link, welcome });
    this.#listener.opened();
  }

  #closed(end: LinkEnd): void {
    this.#parts.log('info', 'link-closed', { ...end });
    if (end.type === 'lost')
      this.#wait('waiting', { code: 'unreachable', message: 'The server cannot be reached' });
    // A server that can do nothing now has not said no.
    else this.#wait(end.code === 'retry' ? 'waiting' : 'paused', end);
  }

  #wait(type: 'waiting' | 'paused', { code, message }: Why): void {
    this.#failed++;
    const delay = this.#away + backoff(this.#attempt++, this.#options.backoff, this.#parts.random);
    this.#away = 0;
    const cancel = this.#parts.clock.after(delay, () => this.#connect());
    this.#leave({ type, cancel, why: { code, message } });
  }

  #leave(next: LineState): void {
    const before = this.#state;
    this.#turn++;
    this.#to(next);
    if (before.type === 'waiting' || before.type === 'paused') before.cancel();
    if (before.type === 'open' || before.type === 'connecting') before.link?.close();
    if (before.type === 'open') this.#listener.lost();
  }

  #to(state: LineState): void {
    this.#state = state;
    this.#listener.changed();
  }
}
