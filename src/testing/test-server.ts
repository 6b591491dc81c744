import type { Log } from '../base/log.ts';
import type { Attributes } from '../protocol/attributes.ts';
import type { RecordId, RecordKey, Topic } from '../protocol/ids.ts';
import { type Core, createCore } from '../server/core.ts';
import type { CoreOptions } from '../server/core-options.ts';
import { MedullaServer } from '../server/medulla-server.ts';
import type { Context } from '../server/resource/context.ts';
import { Refusal, type RefusalCode } from '../server/resource/refusal.ts';
import type { ResourceOptions } from '../server/resource/resource.ts';
import type { Store } from '../server/store.ts';
import { memoryStore } from '../server/stores/memory-store.ts';

/** Says whether a write is refused: a sentence for its author, or true. */
export type Refuse = (ctx: Context) => string | boolean | undefined;

/** A record, its id among its attributes. */
export type TestRecord = Attributes & { readonly id: RecordId };

export interface TestServerOptions extends Partial<Pick<CoreOptions, 'authenticate' | 'limits' | 'history'>> {
  /** The resources by their patterns: `{ '/tasks': { public: true } }`. More may be added to `server` later. */
  readonly resources?: Readonly<Record<string, ResourceOptions>>;
  /** What the server has at the start, by topic. */
  readonly records?: Readonly<Record<string, readonly TestRecord[]>>;
}

const PAGE = { rows: 1_000, bytes: 1_000_000 };

/** A real server over memory. Everybody is who they say they are, unless there is an `authenticate`. */
export class TestServer extends MedullaServer {
  /** Without its wire. */
  readonly core: Core;
  /** Resolves when the records of the start are there; rejects where one of them cannot be. */
  readonly filled: Promise<void>;
  readonly #store: Store;
  readonly #rules = new Set<(ctx: Context) => void>();

  constructor(
    options: TestServerOptions,
    parts: Pick<CoreOptions, 'clock' | 'random'> & { readonly log: Log },
  ) {
    const { resources = {}, records = {}, authenticate = ({ user }) => user, limits, history } = options;
    const store = memoryStore(parts);
    const core = createCore({
      ...parts,
      limits,
      history,
      store,
      // Not the function itself: a browser calls it on its window only.
      turn: (fn) => queueMicrotask(fn),
      // Nobody sees a server that is not filled yet.
      authenticate: (who) => this.filled.then(() => authenticate(who)),
    });
    super(core, () => core.close());
    this.core = core;
    this.#store = store;
    for (const [pattern, own] of Object.entries(resources)) this.resource(pattern, own);
    this.use(async (ctx, next) => {
      if (ctx.method !== 'read') for (const rule of this.#rules) rule(ctx);
      await next();
    });
    this.filled = this.#fill(records);
    this.filled.catch(() => undefined); // whoever waits for it is told
  }

  /** The records of a topic, as the server has them, in the order of their ids. */
  async rows(topic: string): Promise<TestRecord[]> {
    const all: TestRecord[] = [];
    for (let after: RecordKey | null | undefined; after !== null; ) {
      const { rows, next } = await this.#store.page(topic as Topic, after ?? null, PAGE);
      for (const [id, , attrs] of rows) all.push({ ...attrs, id });
      after = next;
    }
    return all;
  }

  /** From now on the server refuses the writes that `fn` says no to. The returned function ends that. */
  refuse(fn: Refuse, code: RefusalCode = 'forbidden'): () => void {
    const rule = (ctx: Context) => {
      const no = fn(ctx);
      if (no) throw new Refusal(no === true ? 'The test refuses this' : no, { code });
    };
    this.#rules.add(rule);
    return () => this.#rules.delete(rule);
  }

  async #fill(records: Readonly<Record<string, readonly TestRecord[]>>): Promise<void> {
    for (const [topic, rows] of Object.entries(records))
      await this.publish(
        topic,
        rows.map(({ id, ...set }) => ({ record: id, set })),
      );
  }
}
