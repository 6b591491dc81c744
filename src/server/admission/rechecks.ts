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

interface Failure {
  readonly session: Checked;
  readonly reason: unknown;
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
  /** Who is asked again, of one topic or of all. */
  readonly #again = new Map<string | undefined, Set<Checked>>();

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
    const failures = await this.#look(this.#meant(recheck), recheck.topic);
    if (failures.length === 0) return;
    const message = `Of ${failures.length} connections it could not be told whether they may go on: ask again.`;
    throw new MedullaError('retry', message, { cause: failures[0]?.reason });
  }

  #hear(message: unknown): void {
    const { log } = this.#parts;
    try {
      const recheck = parse(wire, message);
      void this.#insist(this.#meant(recheck), recheck.topic);
    } catch (error) {
      log('warn', 'bad-message', { from: 'another node', error });
    }
  }

  #meant({ user, topic }: Recheck): Checked[] {
    if (topic === undefined) this.#count++;
    return [...this.#parts.sessions].filter((session) => user === undefined || session.user === user);
  }

  /** Whoever asked does not hear that it could not be told of somebody here: they are asked until it can, and the others are left alone. */
  async #insist(asked: Iterable<Checked>, topic: string | undefined): Promise<void> {
    const failures = await this.#look(asked, topic);
    if (failures.length === 0) return;
    const again = this.#again.get(topic) ?? new Set();
    for (const { session } of failures) again.add(session);
    if (this.#again.has(topic)) return;
    this.#again.set(topic, again);
    this.#parts.clock.after(AGAIN, () => {
      this.#again.delete(topic);
      void this.#insist(again, topic);
    });
  }

  /** Resolves with those of whom it could not be told. */
  async #look(asked: Iterable<Checked>, topic: string | undefined): Promise<readonly Failure[]> {
    const failures: Failure[] = [];
    const look = async (session: Checked) => {
      try {
        await session.recheck(topic as Topic | undefined);
      } catch (reason) {
        this.#parts.log('error', 'recheck-failed', { error: reason });
        failures.push({ session, reason });
      }
    };
    await Promise.all([...asked].map(look));
    return failures;
  }
}
