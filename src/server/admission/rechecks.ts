import { either, list, nothing, parse, text } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Topic, UserId } from '../../protocol/ids.ts';
import type { Nodes } from '../publish/nodes.ts';
import { ownWrite } from '../publish/publication-writes.ts';
import type { Run } from '../publish/run.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { Admission } from './admission.ts';

/** Whom is to be asked again about: one user, one topic, or all. */
export interface Recheck {
  readonly user?: string | undefined;
  readonly topic?: string | undefined;
}

/**
 * What is asked again goes to the other nodes as changes do, over a log in the store, which nothing is lost of. It is
 * no path: no resource answers it, and nobody reads it. Each is the deletion of a record that never was, so that nothing
 * is left of it once the log is trimmed.
 */
export const RECHECKS = 'medulla:rechecks' as Topic;

/** Such a record: the node at which it was asked, a user, a topic. */
const noted = list(either(text(), nothing));

/** Milliseconds until it is asked again what could not be told. */
const AGAIN = 3_000;

interface Checked {
  readonly user: UserId;
  recheck(topic?: Topic): Promise<void>;
  beginAnew(topic: Topic): Promise<void>;
  hangUp(): Promise<void>;
}

interface Failure {
  readonly session: Checked;
  readonly reason: unknown;
}

interface Parts extends Pick<SessionParts, 'clock' | 'log' | 'commit'> {
  readonly sessions: ReadonlySet<Checked>;
  /** The name of this one. */
  readonly node: string;
  readonly nodes: Pick<Nodes, 'isAlone'> | undefined;
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

  /**
   * Resolves once all here were asked, and all nodes will be; rejects with `retry` where that could not be told of each
   * here, or could not be kept for the others.
   */
  async ask(recheck: Recheck): Promise<void> {
    const noted = this.#note(recheck);
    const failures = await this.#look(this.#meant(recheck), recheck.topic);
    const problem = await noted;
    if (problem) throw problem;
    if (failures.length === 0) return;
    const message = `Of ${failures.length} connections it could not be told whether they may go on: ask again.`;
    throw new MedullaError('retry', message, { cause: failures[0]?.reason });
  }

  /** What was asked at some node. What cannot be told any more may have been anything. */
  heard({ entries }: Pick<Run, 'entries'>): void {
    const { node, log, nodes } = this.#parts;
    if (entries.length === 0 && !nodes?.isAlone) this.#learn({});
    for (const [record] of entries) {
      try {
        const [from, user, topic] = parse(noted, JSON.parse(String(record)));
        if (from !== node) this.#learn({ user: user ?? undefined, topic: topic ?? undefined });
      } catch (error) {
        log('warn', 'bad-message', { from: 'another node', error });
      }
    }
  }

  /** The store is what it was at another time: whoever follows the topic begins anew. */
  restored(topic: Topic): void {
    const { sessions, log } = this.#parts;
    if (topic === RECHECKS) this.#learn({});
    for (const session of sessions)
      session.beginAnew(topic).catch((error) => log('error', 'follow-not-ended', { error }));
  }

  /** For the other nodes. Resolves with why it could not be kept. */
  async #note({ user, topic }: Recheck): Promise<MedullaError | null> {
    const { node, nodes, commit } = this.#parts;
    if (!nodes || nodes.isAlone) return null;
    const record = JSON.stringify([node, user ?? null, topic ?? null]);
    const content = { method: 'delete', set: {}, unset: [], elsewhere: true } as const;
    const write = ownWrite({ topic: RECHECKS, record, ...content, base: null, limit: 0 });
    try {
      const [outcome] = await commit([write]);
      if (outcome?.type === 'failed') throw outcome.error;
      return null;
    } catch (cause) {
      const message = 'It could not be kept for the other nodes that this is to be asked again: ask again.';
      return new MedullaError('retry', message, { cause });
    }
  }

  /** Another node, or nobody in particular, wants it asked again. */
  #learn(recheck: Recheck): void {
    void this.#insist(this.#meant(recheck), recheck.topic);
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
