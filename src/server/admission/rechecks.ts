import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { object, optional, parse, text } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Topic, UserId } from '../../protocol/ids.ts';
import type { Nodes, Recheck } from '../publish/nodes.ts';
import type { Admission } from './admission.ts';

const wire = object({ user: optional(text()), topic: optional(text()) });

/** Milliseconds until it is asked again what could not be told. */
const AGAIN = 3_000;

interface Checked {
  readonly user: UserId;
  recheck(topic?: Topic): Promise<void>;
  hangUp(): Promise<void>;
}

interface Parts {
  readonly sessions: ReadonlySet<Checked>;
  readonly nodes: Nodes | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** Asks again about those who are there, on all nodes: what they were allowed once may not hold any more. */
export class Rechecks {
  readonly #parts: Parts;
  /** How often it was asked who somebody is. */
  #count = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.nodes?.rechecks?.hear((message) => this.#hear(message));
  }

  get count(): number {
    return this.#count;
  }

  /** They are there now, and are asked about what was asked while they were let in: where it cannot be told, they are to come again. */
  began({ asked }: Admission, session: Checked): void {
    const { log } = this.#parts;
    if (asked === this.#count) return;
    session.recheck().catch((error) => {
      log('error', 'recheck-failed', { error });
      return session.hangUp();
    });
  }

  /** Resolves once all here were asked, and rejects with `retry` where that could not be told of each. */
  async ask(recheck: Recheck): Promise<void> {
    const { nodes } = this.#parts;
    if (nodes && !nodes.isAlone) nodes.rechecks?.tell(recheck);
    await this.#here(recheck);
  }

  #hear(message: unknown): void {
    const { log } = this.#parts;
    try {
      this.#insist(parse(wire, message));
    } catch (error) {
      log('warn', 'bad-message', { from: 'another node', error });
    }
  }

  /** Whoever asked does not hear that it could not be told of somebody here: it is asked until it can. */
  #insist(recheck: Recheck): void {
    this.#here(recheck).catch(() => this.#parts.clock.after(AGAIN, () => this.#insist(recheck)));
  }

  async #here({ user, topic }: Recheck): Promise<void> {
    const { sessions, log } = this.#parts;
    if (topic === undefined) this.#count++;
    const asked = [...sessions].filter((session) => user === undefined || session.user === user);
    const outcomes = await Promise.allSettled(asked.map((one) => one.recheck(topic as Topic | undefined)));
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    if (failed.length === 0) return;
    for (const { reason } of failed) log('error', 'recheck-failed', { error: reason });
    const message = `Of ${failed.length} connections it could not be told whether they may go on: ask again.`;
    throw new MedullaError('retry', message, { cause: failed[0]?.reason });
  }
}
