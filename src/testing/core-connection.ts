import type { Clock } from '../base/clock.ts';
import { fits } from '../base/shape.ts';
import type { Connection, Hello, Link, LinkEnd, LinkListener } from '../hub/connection.ts';
import { type ErrorCode, MedullaError } from '../protocol/errors.ts';
import { refusedAnswer } from '../protocol/server-down.ts';
import { PROTOCOL } from '../protocol/version.ts';
import type { Core } from '../server/core.ts';
import { OneWay } from './one-way.ts';
import { VirtualClock } from './virtual-clock.ts';

/** The way from a hub to a real server in the same process: cloned, in order, and cut where a test says so. */
export class CoreConnection implements Connection {
  up = true;
  /** Pushes get no answer, and are not carried out. */
  stuck = false;
  /** So many answers to pushes are lost, and the link with each. */
  lost = 0;
  /** Holds an answer back, until what it returns is done. */
  hold: ((name: string) => Promise<void> | undefined) | null = null;
  /** What was asked of the server, by name. */
  readonly asked: { readonly name: string; readonly request: unknown }[] = [];
  /** Milliseconds that a message takes, in each direction. */
  delay = 0;
  readonly #core: Core;
  readonly #up: OneWay;
  readonly #down: OneWay;
  readonly #cuts = new Set<(end?: LinkEnd) => void>();

  /** `clock`: what a delay is measured by. */
  constructor(core: Core, clock: Clock = new VirtualClock()) {
    this.#core = core;
    this.#up = new OneWay(clock, () => this.delay);
    this.#down = new OneWay(clock, () => this.delay);
  }

  /** Messages that are on their way. */
  get under(): number {
    return this.#up.under + this.#down.under;
  }

  /** The network is gone, or back. */
  set online(online: boolean) {
    this.up = online;
    if (!online) for (const cut of [...this.#cuts]) cut();
  }

  connect({ user, token, device }: Hello, listener: LinkListener): Link {
    let ended = false;
    const waiting = new Set<(error: MedullaError) => void>();
    const handshake = { protocol: PROTOCOL, user, token, device };
    const send = (name: string, message: unknown) => {
      const copy = structuredClone(message) as never;
      this.#down.send(() => {
        if (ended) return;
        if (name === 'welcome') listener.opened(copy);
        else listener.event(name as 'changes', copy);
      });
    };
    const close = () => this.#arrived(this.#down, () => end());
    const session = this.up
      ? this.#arrived(this.#up, () => this.#core.connect({ handshake, send, close }))
      : null;
    const end = (cut: LinkEnd = { type: 'lost', reason: 'cut' }) => {
      if (ended) return;
      ended = true;
      this.#cuts.delete(end);
      void session?.then(
        (one) => one.end(),
        () => undefined,
      );
      for (const reject of waiting) reject(new MedullaError('unreachable', 'The link was cut'));
      listener.closed(cut);
    };
    this.#cuts.add(end);
    session?.catch(({ code, message }: MedullaError) =>
      this.#down.send(() => end({ type: 'refused', code, message })),
    );
    if (!session) queueMicrotask(() => end());
    return {
      request: (name, request) =>
        new Promise((resolve, reject) => {
          if (ended || !session) return reject(new MedullaError('unreachable', 'The link was cut'));
          this.asked.push({ name, request: structuredClone(request) });
          waiting.add(reject);
          if (this.stuck && name === 'push') return;
          const copy = structuredClone(request);
          void this.#arrived(this.#up, () => session)
            .then((one) => (ended ? new Promise<never>(() => undefined) : one.handle(name, copy)))
            .then(async (answer) => {
              await this.hold?.(name);
              return this.#arrived(this.#down, () => answer);
            })
            .then((answer) => {
              if (ended) return;
              if (name === 'push' && this.lost-- > 0) return end();
              waiting.delete(reject);
              if (fits(refusedAnswer, answer)) {
                const { code, message, details } = answer.refused;
                reject(new MedullaError(code as ErrorCode, message, { details }));
              } else resolve(structuredClone(answer) as never);
            });
        }),
      close: () => queueMicrotask(() => end()),
    };
  }

  /** What `act` gives at the far end of this direction. */
  #arrived<T>(way: OneWay, act: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve) => way.send(() => resolve(act())));
  }
}
