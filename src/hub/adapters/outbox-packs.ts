import type { Op, OutboxRow } from '../storage.ts';

/** Rows in one pack at the most: what a change of one row costs to write again. */
const MOST = 250;

/** A pack as the database has it, under `key`: the order of the first row that was in it. */
export interface StoredPack {
  readonly key: number;
  readonly rows: readonly OutboxRow[];
}

interface Pack {
  readonly key: number;
  readonly rows: Map<number, OutboxRow>;
}

/** What one commit does to the packs. */
export interface PackChange {
  /** Asks for it. May be called again, in another transaction. */
  request(store: IDBObjectStore): void;
  /** Takes it back here, where the database did. */
  undo(): void;
}

/**
 * The outbox as it lies in the database: the rows that came in one transaction are one value, a pack, since each
 * request costs far more than what it carries. A row that changes or goes has its pack written again, in its place.
 * What is on the disk is known here, so that nothing needs to be read for it.
 */
export class OutboxPacks {
  readonly #packs = new Map<number, Pack>();
  /** By key, those that hold any row. */
  readonly #keys = new Map<number, Pack>();

  /** Begins with what the disk has. Returns all rows in their order. */
  load(packs: readonly StoredPack[]): OutboxRow[] {
    this.#packs.clear();
    this.#keys.clear();
    for (const { key, rows } of packs) {
      const pack: Pack = { key, rows: new Map(rows.map((row) => [row.order, row])) };
      this.#keys.set(key, pack);
      for (const { order } of rows) this.#packs.set(order, pack);
    }
    return packs.flatMap(({ rows }) => rows).sort((a, b) => a.order - b.order);
  }

  /** Takes the steps on mutations among these. */
  apply(ops: readonly Op[]): PackChange {
    const touched = new Set<Pack>();
    const undo: (() => void)[] = [];
    let fresh: Pack | undefined;
    const set = (pack: Pack, order: number, row: OutboxRow | undefined) => {
      const before = pack.rows.get(order);
      this.#set(pack, order, row);
      touched.add(pack);
      undo.push(() => this.#set(pack, order, before));
    };
    for (const op of ops) {
      if (op.type === 'erase' && op.outbox)
        for (const [order, pack] of [...this.#packs]) set(pack, order, undefined);
      if (op.type !== 'putMutation' && op.type !== 'deleteMutation') continue;
      const order = op.type === 'putMutation' ? op.row.order : op.order;
      let pack = this.#packs.get(order);
      if (!pack && op.type === 'deleteMutation') continue;
      // One that comes back and was the first of a pack goes there again: another pack of its key would take that one's place.
      pack ??= this.#keys.get(order);
      if (!pack) {
        if (!fresh || fresh.rows.size >= MOST) fresh = { key: order, rows: new Map() };
        pack = fresh;
      }
      set(pack, order, op.type === 'putMutation' ? op.row : undefined);
    }
    return {
      request(store) {
        for (const { key, rows } of touched) {
          if (rows.size > 0) store.put({ key, rows: [...rows.values()] } satisfies StoredPack);
          else store.delete(key);
        }
      },
      undo() {
        for (const step of undo.reverse()) step();
      },
    };
  }

  #set(pack: Pack, order: number, row: OutboxRow | undefined): void {
    if (row) {
      pack.rows.set(order, row);
      this.#packs.set(order, pack);
      this.#keys.set(pack.key, pack);
    } else {
      pack.rows.delete(order);
      this.#packs.delete(order);
      if (pack.rows.size === 0) this.#keys.delete(pack.key);
    }
  }
}
