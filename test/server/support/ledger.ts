import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { RecordId } from '../../../src/protocol/ids.ts';
import type { Handlers } from '../../../src/server/handlers/handlers.ts';
import type { Context } from '../../../src/server/resource/context.ts';
import { Refusal } from '../../../src/server.ts';

/** An application's own database, which takes note of what it has done. Each step of it takes a turn, or more. */
export class Ledger {
  readonly records = new Map<string, Attributes & { id: RecordId }>();
  /** How often each write had its effect. */
  readonly effects = new Map<string, number>();
  /** How often handlers were called. */
  calls = 0;
  /** It gives the ids of new records from here on. */
  last = 100;
  readonly #keeps: boolean;
  readonly #known = new Map<string, RecordId>();
  readonly #turns: () => number;

  /** `keeps`: it takes note of the ids of writes. */
  constructor({ keeps = true, turns = () => 1 }: { keeps?: boolean; turns?: () => number } = {}) {
    this.#keeps = keeps;
    this.#turns = turns;
  }

  put(id: RecordId, attrs: Attributes): void {
    this.records.set(String(id), { ...attrs, id });
  }

  get handlers(): Handlers {
    const write = (ctx: Context) => this.#write(ctx);
    return {
      read: async ({ record }) => {
        const found = record === null ? [...this.records.values()] : this.records.get(String(record));
        // Its answer is on its way.
        await this.#wait();
        return found ?? null;
      },
      create: write,
      update: write,
      delete: write,
    };
  }

  async #write(ctx: Context): Promise<unknown> {
    this.calls++;
    await this.#wait();
    const { record, method, set, unset, ids, user } = ctx;
    const keys = ids.map((id) => `${user} ${id}`);
    const known = keys.find((key) => this.#known.has(key));
    if (this.#keeps && known !== undefined) return this.#known.get(known);
    const id = record ?? ++this.last;
    const before = this.records.get(String(id));
    if (method === 'create' && before) throw new Refusal('There is one already', { code: 'conflict' });
    if (method !== 'create' && method !== 'delete' && !before) throw new Refusal('Gone', { code: 'gone' });
    if (set.title === 'no') throw new Refusal('Not that', { code: 'invalid' });
    if (set.title === 'broken') throw new Error('No connection to the ledger');
    if (method === 'delete') this.records.delete(String(id));
    else {
      const left = Object.entries({ ...before, ...set }).filter(([name]) => !unset.includes(name));
      this.put(id, { ...Object.fromEntries(left), stamped: true });
    }
    for (const key of keys) {
      this.#known.set(key, id);
      this.effects.set(key, (this.effects.get(key) ?? 0) + 1);
    }
    await this.#wait();
    return id;
  }

  async #wait(): Promise<void> {
    for (let left = this.#turns(); left > 0; left--) await new Promise(setImmediate);
  }
}
