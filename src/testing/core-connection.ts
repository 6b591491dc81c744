import { fits } from '../base/shape.ts';
import type { Connection, Hello, Link, LinkEnd, LinkListener } from '../hub/connection.ts';
import { type ErrorCode, MedullaError } from '../protocol/errors.ts';
import { refusedAnswer } from '../protocol/server-down.ts';
import { PROTOCOL } from '../protocol/version.ts';
import type { Core } from '../server/core.ts';

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
  readonly #core: Core;
  readonly #cuts = new Set<(end?: LinkEnd) => void>();

  constructor(core: Core) {
    this.#core = core;
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
      if (ended) return;
      if (name === 'welcome') listener.opened(copy);
      else listener.event(name as 'changes', copy);
    };
    const session = this.up ? this.#core.connect({ handshake, send }) : null;
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
    session?.catch(({ code, message }: MedullaError) => end({ type: 'refused', code, message }));
    if (!session) queueMicrotask(() => end());
    return {
      request: (name, request) =>
        new Promise((resolve, reject) => {
          if (ended || !session) return reject(new MedullaError('unreachable', 'The link was cut'));
          this.asked.push({ name, request: structuredClone(request) });
          waiting.add(reject);
          if (this.stuck && name === 'push') return;
          void session
            .then((one) => one.handle(name, structuredClone(request)))
            .then(async (answer) => {
              await this.hold?.(name);
              return answer;
            })
            .then((answer) => {
              if (ended) return;
              if (name === 'push' && this.lost-- > 0) return end();
              waiting.delete(reject);
              if (fits(refusedAnswer, answer))
                reject(new MedullaError(answer.refused.code as ErrorCode, answer.refused.message));
              else resolve(structuredClone(answer) as never);
            });
        }),
      close: () => queueMicrotask(() => end()),
    };
  }
}
