import { assert } from '../../../base/assert.ts';
import type { Random } from '../../../base/random.ts';
import type { Row } from '../../../protocol/change.ts';
import type { Epoch, MutationId, Topic, UserId } from '../../../protocol/ids.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import type { Ledger } from '../../commit/commit-writes.ts';
import { knownReceipt } from '../../commit/known-receipt.ts';
import { laneOf } from '../../commit/lane-of.ts';
import { lastIdWith } from '../../commit/last-id-with.ts';
import { newMark } from '../../store.ts';
import { CommitRows, type Head } from './commit-rows.ts';

/** What was loaded for a transaction: all that its writes may look at. */
export interface Loaded {
  readonly epoch: Epoch;
  readonly heads: ReadonlyMap<Topic, Head>;
  /** By lane. */
  readonly records: Map<string, Row>;
  /** By user and id. */
  readonly receipts: Map<string, Receipt>;
  readonly floor: number;
}

/** One text for one mutation of one user. The length keeps two users from running into each other's ids. */
export const receiptKey = (user: UserId, id: MutationId): string => `${user.length}:${user}${id}`;

/** A transaction as it is worked out in memory, between what was read and what will be written. */
export class CommitSheet {
  readonly rows = new CommitRows();
  readonly #loaded: Loaded;
  readonly #random: Random;

  constructor(loaded: Loaded, random: Random) {
    this.#loaded = loaded;
    this.#random = random;
  }

  /** Where the writes of one call of `commit` are worked out. */
  ledger(at: number): Ledger {
    const { epoch, records, receipts, floor } = this.#loaded;
    return {
      receipt: (user, id) => receipts.get(receiptKey(user, id)),
      floor: () => floor,
      record: (topic, record) => records.get(laneOf(topic, record)) ?? null,
      head: (topic) => this.#head(topic),
      keep: (user, receipt) => {
        for (const id of receipt.ids) receipts.set(receiptKey(user, id), knownReceipt(id, receipt));
        this.rows.receipt(user, receipt, at);
      },
      change: (topic, change) => {
        const [record, offset] = change.entry;
        const { attrs } = change;
        const head = this.#head(topic);
        const mark = newMark(this.#random);
        head.offset = offset;
        head.mark = mark;
        head.lastId = lastIdWith(head.lastId, record);
        const lane = laneOf(topic, record);
        if (attrs === null) records.delete(lane);
        else records.set(lane, [record, offset, attrs]);
        this.rows.change(lane, head, change, at);
        return { epoch, offset, mark };
      },
    };
  }

  #head(topic: Topic): Head {
    const head = this.#loaded.heads.get(topic);
    assert(head, 'the heads of all topics are locked');
    return head;
  }
}
