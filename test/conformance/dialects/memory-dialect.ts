import { systemClock } from '../../../src/base/clock.ts';
import type { Json } from '../../../src/base/json.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { dialectConnection } from '../../../src/hub/dialects/dialect-connection.ts';
import type { Wire, WireCall, WireListener } from '../../../src/hub/dialects/wire.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { MedullaError } from '../../../src/protocol/errors.ts';
import type { Topic } from '../../../src/protocol/ids.ts';
import type { DialectServer, DialectUnderTest } from './dialect-server.ts';
import { ServerRecords } from './server-records.ts';

/** The plainest server there can be, without any network: what is tested with it is what all dialects share. */
export class MemoryServer extends ServerRecords implements DialectServer, Wire {
  readonly #links = new Map<WireListener, Set<Topic>>();
  #up = true;
  #loses = false;
  /** Answers to reads wait for this. */
  gate: Promise<void> | null = null;
  /** Answers to writes wait for this. */
  beforeAnswer: Promise<void> | null = null;
  /** It says nothing of what it has made. */
  nameless = false;
  #silent = false;
  readonly #tells: boolean;

  /** `tells`: whether it tells of changes. */
  constructor(tells = true) {
    super();
    this.#tells = tells;
  }

  get sockets(): number {
    return this.#links.size;
  }

  connect(_hello: unknown, listener: WireListener) {
    const topics = new Set<Topic>();
    const end = () => {
      if (this.#links.delete(listener)) listener.closed({ type: 'lost', reason: 'cut' });
    };
    queueMicrotask(() => {
      if (!this.#up) return listener.closed({ type: 'lost', reason: 'refused' });
      this.#links.set(listener, topics);
      listener.opened();
    });
    return {
      follow: this.#tells ? (topic: Topic) => void topics.add(topic) : undefined,
      release: (topic: Topic) => void topics.delete(topic),
      close: end,
      call: async (call: WireCall) => {
        const content = structuredClone(this.handle(call, listener));
        if (call.method === 'read') await this.gate;
        else if (this.#loses) {
          this.#loses = false;
          end();
          throw new MedullaError('unreachable', 'cut');
        } else await this.beforeAnswer;
        return { content: call.method !== 'read' && this.nameless ? {} : content };
      },
    };
  }

  /** What is done here, nobody is told of. */
  silently(act: () => void): void {
    this.#silent = true;
    act();
    this.#silent = false;
  }

  /** Says that something of the topic has changed, and not what. */
  hint(topic: Topic): void {
    for (const listener of this.#links.keys()) listener.stale(topic);
  }

  loseAnswer(): void {
    this.#loses = true;
  }

  async stop(): Promise<void> {
    this.#up = false;
    for (const listener of [...this.#links.keys()]) {
      this.#links.delete(listener);
      listener.closed({ type: 'lost', reason: 'stopped' });
    }
  }

  async start(): Promise<void> {
    this.#up = true;
  }

  protected override tell(topic: string, id: Json, attrs: Attributes | null, by?: unknown): void {
    for (const [listener, topics] of this.#silent ? [] : this.#links) {
      if (listener !== by && topics.has(topic as Topic))
        listener.changed({
          topic: topic as Topic,
          record: id as string,
          attrs: attrs && without(attrs),
          whole: true,
        });
    }
  }
}

const without = ({ id: _, ...rest }: Attributes): Attributes => rest;

export const memoryDialect: DialectUnderTest = {
  name: 'memory',
  tells: true,
  patches: true,
  once: true,
  serve: async () => new MemoryServer(),
  connection: (server, log) =>
    dialectConnection({ wire: server as MemoryServer, clock: systemClock, random: systemRandom, log }),
};
