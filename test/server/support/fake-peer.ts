import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { LiveChanges } from '../../../src/protocol/change.ts';
import type { Topic } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Receipt } from '../../../src/protocol/receipt.ts';
import type { Answers, Followed, ServerEvents } from '../../../src/protocol/server-down.ts';
import type { Sent } from '../../../src/protocol/server-up.ts';
import { PROTOCOL } from '../../../src/protocol/version.ts';
import type { Core } from '../../../src/server/core.ts';
import type { Session } from '../../../src/server/session/session.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';

export const TASKS = '/tasks' as Topic;

export const handshake = (user = '') => ({ protocol: PROTOCOL, user, token: null, device: 'test' });

/** A mutation as a hub sends it. The method is told from what is given, where it is not. */
export function sent(
  id: string,
  fields: Partial<Record<keyof Mutation, unknown>> = {},
  also: string[] = [],
): Sent {
  const mutation = {
    user: '',
    topic: TASKS,
    record: 'x',
    method: 'create',
    set: {},
    unset: [],
    base: null,
    was: {},
  };
  return { mutation: { ...mutation, id, ...fields }, also, number: 0 } as unknown as Sent;
}

interface Heard {
  readonly name: string;
  readonly event: unknown;
}

/** A client without a wire: what it sends is cloned as a wire would. */
export class FakePeer {
  readonly user: string;
  readonly session: Session;
  readonly heard: readonly Heard[];

  private constructor(user: string, session: Session, heard: readonly Heard[]) {
    this.user = user;
    this.session = session;
    this.heard = heard;
  }

  static async connect(core: Core, user = ''): Promise<FakePeer> {
    const heard: Heard[] = [];
    const send = (name: string, event: unknown) => void heard.push({ name, event: structuredClone(event) });
    return new FakePeer(user, await core.connect({ handshake: handshake(user), send }), heard);
  }

  get changes(): LiveChanges[] {
    return this.heard.filter(({ name }) => name === 'changes').map(({ event }) => event as LiveChanges);
  }

  /** What ended by itself of what it follows. */
  get denials(): ServerEvents['denied'][] {
    return this.heard
      .filter(({ name }) => name === 'denied')
      .map(({ event }) => event as ServerEvents['denied']);
  }

  async ask(name: string, message: unknown): Promise<unknown> {
    const answer = await this.session.handle(name, structuredClone(message));
    await settle();
    return structuredClone(answer);
  }

  async push(...mutations: unknown[]): Promise<readonly Receipt[]> {
    const answer = (await this.ask('push', { user: this.user, mutations })) as Answers['push'];
    return answer.receipts;
  }

  /** The types of the receipts, in order. */
  async types(...mutations: unknown[]): Promise<string[]> {
    return (await this.push(...mutations)).map(({ type }) => type);
  }

  async follow(topic: string = TASKS, cursor: unknown = null, live = true): Promise<Followed> {
    const { topics } = (await this.ask('follow', { topics: [{ topic, cursor, live }] })) as Answers['follow'];
    if (!topics[0]) throw new Error('The follow was not answered');
    return topics[0];
  }

  /** The same, where it has to begin with a snapshot. */
  async begin(...asked: Parameters<FakePeer['follow']>): Promise<Extract<Followed, { type: 'snapshot' }>> {
    const answer = await this.follow(...asked);
    if (answer.type !== 'snapshot') throw new Error(`It begins with no snapshot: ${answer.type}`);
    return answer;
  }

  async record(record: string | number, topic: string = TASKS): Promise<Attributes | null> {
    const { rows } = (await this.ask('read', { topic, record })) as Answers['read'];
    return rows[0]?.[2] ?? null;
  }
}
