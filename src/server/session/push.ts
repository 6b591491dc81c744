import { MedullaError } from '../../protocol/errors.ts';
import { ANONYMOUS, type MutationId } from '../../protocol/ids.ts';
import { isEffect, isFinal, type Receipt, type RefusingReceipt } from '../../protocol/receipt.ts';
import { batchRefusal } from '../commit/batch-refusal.ts';
import { ToldRecords } from '../commit/told-records.ts';
import { unitsOf } from '../commit/units-of.ts';
import { paceWrites } from '../limits/pace-writes.ts';
import { synced } from '../messages/synced.ts';
import { tellOthers } from '../messages/tell-others.ts';
import { type Run, runOf } from '../publish/run.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import type { StoreChange, StoredRefusal, StoreOutcome, StoreWrite } from '../store.ts';
import { type PushItem, parsePushItem } from './parse-push.ts';
import { type Draft, draftOf, PushRound } from './push-round.ts';
import { type Peer, RETRY_AFTER, type SessionParts } from './session-parts.ts';
import { wholeBatches } from './whole-batches.ts';

/** How often a write is judged again because its record has moved meanwhile. */
const MAX_ROUNDS = 8;

/**
 * One batch of a connection. All its writes are judged one after the other, then committed in one transaction; what
 * had moved by then is judged and committed again. After a write that is to be retried, the rest of its lane is too.
 */
export class Push {
  readonly #parts: SessionParts;
  readonly #session: SessionInfo;
  readonly #peer: Peer;
  readonly #tellAuthor: (run: Run) => void;
  readonly #drafts: readonly Draft[];
  readonly #told = new ToldRecords();

  /** `tellAuthor`: of what nobody else hears. */
  constructor(
    parts: SessionParts,
    session: SessionInfo,
    peer: Peer,
    tellAuthor: (run: Run) => void,
    mutations: readonly unknown[],
  ) {
    this.#tellAuthor = tellAuthor;
    this.#parts = parts;
    this.#session = session;
    this.#peer = peer;
    this.#drafts = wholeBatches(mutations.map(parsePushItem)).map(draftOf);
  }

  /** The receipts in the order of the mutations. Never rejects. */
  async run(user: unknown): Promise<readonly Receipt[]> {
    try {
      this.#turnAway(user);
      await this.#spread();
      await this.#answerKnown();
      await paceWrites(this.#parts.rates, this.#session, this.#open);
      await this.#adopt();
      await this.#refuseMalformed();
      await this.#spread();
      for (let round = 0; round < MAX_ROUNDS && this.#open.length > 0; round++) await this.#round();
    } catch (error) {
      this.#parts.log('error', 'push-failed', { error, user: this.#session.user });
    }
    for (const draft of this.#open) draft.receipts = [retry(draft.ids)];
    const told = new ToldRecords();
    return this.#drafts.flatMap(({ receipts }) => receipts ?? []).map((receipt) => told.of(receipt));
  }

  get #open(): readonly Draft[] {
    return this.#drafts.filter(({ receipts }) => receipts === null);
  }

  /** P6: a write leaves under the user who made it, or not at all. */
  #turnAway(user: unknown): void {
    const own = this.#session.user;
    for (const draft of this.#drafts) {
      const author = authorOf(draft.item);
      if (user === own && (author === own || typeof author !== 'string')) continue;
      const message = `This write was made by '${typeof author === 'string' ? author : typeof author}', and the connection is that of '${own}'.`;
      draft.receipts = [{ type: 'unauthorized', ids: draft.ids, code: 'wrong-user', message }];
    }
  }

  async #answerKnown(): Promise<void> {
    const asked = this.#open.flatMap(({ ids, item }) =>
      ids.map((id) => ({ id, number: item.type === 'sent' ? item.sent.number : Number.MAX_SAFE_INTEGER })),
    );
    const known = await this.#parts.store.receipts(this.#session.user, asked);
    if (known.size === 0) return;
    for (const draft of this.#open) {
      const receipts = draft.ids.map((id) => known.get(id)).filter((receipt) => receipt !== undefined);
      if (receipts.length === draft.ids.length && receipts.length > 0) draft.receipts = receipts;
    }
  }

  /**
   * What was nobody's in particular before may have been sent as such, and may be on its way still: whoever comes later
   * is answered with what was done under the other name.
   */
  async #adopt(): Promise<void> {
    const drafts = this.#open.filter(({ item }) => item.type === 'sent' && item.sent.mutation.adopted);
    if (drafts.length === 0) return;
    const rows = drafts.map(({ ids }): StoredRefusal => {
      const message = 'This write is that of the user who signed in since.';
      return { user: ANONYMOUS, receipt: { type: 'withdrawn', ids, code: 'withdrawn', message } };
    });
    const standing = await this.#parts.store.refuse(rows, this.#parts.clock.now());
    for (const [at, draft] of drafts.entries()) {
      const receipts = standing[at] ?? [];
      if (receipts.some(({ type }) => type !== 'withdrawn')) draft.receipts = receipts;
    }
  }

  async #refuseMalformed(): Promise<void> {
    const refusals: [Draft, RefusingReceipt][] = [];
    for (const draft of this.#open) {
      const { item, ids } = draft;
      if (item.type === 'sent') continue;
      const { code, message } = item;
      this.#parts.log('warn', 'bad-mutation', { code, message, user: this.#session.user });
      if (ids.length) refusals.push([draft, { type: 'invalid', ids, code, message }]);
      else draft.receipts = [];
    }
    await this.#refuse(refusals);
  }

  /** A batch stands or falls as one: where one of it has its answer, the others have theirs. */
  async #spread(): Promise<void> {
    const refusals: [Draft, RefusingReceipt][] = [];
    for (const unit of unitsOf(this.#drafts.filter(({ batch }) => batch !== undefined))) {
      const told = unit.flatMap(({ receipts }) => receipts ?? []);
      const open = unit.filter(({ receipts }) => receipts === null);
      if (told.length === 0) continue;
      const later = told.find((receipt) => !isFinal(receipt));
      const refused = told.find((receipt) => !isEffect(receipt)) ?? told[0];
      for (const draft of open) {
        if (later) draft.receipts = [{ ...later, ids: draft.ids }];
        else refusals.push([draft, batchRefusal(draft.ids, refused?.ids[0])]);
      }
    }
    await this.#refuse(refusals);
  }

  async #round(): Promise<void> {
    const round = new PushRound(this.#parts, this.#session, this.#drafts);
    await round.judge(this.#open);
    for (const draft of round.held) draft.receipts = [retry(draft.ids)];
    await this.#refuse(round.refusals);
    const writes = round.writes;
    if (writes.length === 0) return;
    const outcomes = await this.#parts.commit(writes.map(([, write]) => write));
    for (const [at, [draft, write]] of writes.entries()) {
      const outcome = outcomes[at];
      if (outcome) draft.receipts = this.#receiptsOf(outcome, write);
      if (outcome?.type === 'receipts' && outcome.changed) this.#tell(draft, write, outcome.changed);
    }
  }

  /** Its author hears of a silent write, whose effect is awaited there; and others of what they are to be told besides. */
  #tell({ notice }: Draft, { silent, method }: StoreWrite, changed: StoreChange): void {
    if (silent) this.#tellAuthor(runOf([changed]));
    for (const topic of notice?.topics ?? [])
      tellOthers(
        this.#parts,
        this.#peer,
        topic,
        synced(topic, method, { ...notice?.model, id: changed.entry[0] }),
      );
  }

  /** Null = judge again. */
  #receiptsOf(outcome: StoreOutcome, write: StoreWrite): readonly Receipt[] | null {
    if (outcome.type === 'receipts') return outcome.receipts;
    if (outcome.type === 'moved') return null;
    this.#parts.log('error', 'write-failed', {
      error: outcome.error,
      topic: write.topic,
      record: write.record,
    });
    return [retry(write.ids, outcome.error)];
  }

  async #refuse(refusals: readonly (readonly [Draft, RefusingReceipt])[]): Promise<void> {
    if (refusals.length === 0) return;
    const { user } = this.#session;
    const rows = refusals.map(([, receipt]): StoredRefusal => ({ user, receipt: this.#told.of(receipt) }));
    const standing = await this.#parts.store.refuse(rows, this.#parts.clock.now());
    for (const [at, [draft]] of refusals.entries()) draft.receipts = standing[at] ?? [];
  }
}

const authorOf = (item: PushItem): unknown => (item.type === 'sent' ? item.sent.mutation.user : item.user);

/** `why` is told where it is ours to tell; what an application throws is for its log. */
function retry(ids: readonly MutationId[], why?: unknown): Receipt {
  const { code, message } =
    why instanceof MedullaError ? why : { code: 'retry', message: 'The server could not do this now.' };
  return { type: 'retry', ids, code, message, after: RETRY_AFTER };
}
