import { assert } from '../../../base/assert.ts';
import type { Random } from '../../../base/random.ts';
import type { Row } from '../../../protocol/change.ts';
import type { Epoch, Mark, MutationId, Topic, UserId } from '../../../protocol/ids.ts';
import type { Receipt } from '../../../protocol/receipt.ts';
import type { Decision, Found } from '../../commit/commit-run.ts';
import { knownReceipt } from '../../commit/known-receipt.ts';
import { laneOf } from '../../commit/lane-of.ts';
import { lastIdWith } from '../../commit/last-id-with.ts';
import { newMark, type StoreOutcome, type StoreWrite } from '../../store.ts';
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

  found(write: StoreWrite): Found {
    const { receipts, records, floor } = this.#loaded;
    const head = this.#head(write.topic);
    return {
      receipt: (id) => receipts.get(receiptKey(write.user, id)),
      floor: () => floor,
      record: () => records.get(laneOf(write.topic, write.record)) ?? null,
      offset: () => head.offset,
      lastId: () => head.lastId,
    };
  }

  lay(write: StoreWrite, decision: Decision, at: number): StoreOutcome {
    if (decision.type === 'nothing') return decision.outcome;
    const { receipt } = decision;
    const { epoch, records, receipts } = this.#loaded;
    for (const id of receipt.ids) receipts.set(receiptKey(write.user, id), knownReceipt(id, receipt));
    this.rows.receipt(write.user, receipt, at);
    if (decision.type === 'keep') return { type: 'receipts', receipts: [receipt], changed: null };
    const { entry, attrs, before } = decision;
    const [record, offset] = entry;
    const head = this.#head(write.topic);
    const from = head.offset;
    head.offset = offset;
    head.mark = newMark(this.#random);
    head.lastId = lastIdWith(head.lastId, record);
    const lane = laneOf(write.topic, record);
    if (attrs === null) records.delete(lane);
    else records.set(lane, [record, offset, attrs]);
    this.rows.change(lane, head, decision, at);
    const cursor = { epoch, offset, mark: head.mark as Mark };
    const changed = { topic: write.topic, from, cursor, entry, ...(before !== undefined && { before }) };
    return { type: 'receipts', receipts: [receipt], changed };
  }

  #head(topic: Topic): Head {
    const head = this.#loaded.heads.get(topic);
    assert(head, 'the heads of all topics are locked');
    return head;
  }
}
