import { uuid } from '../../base/uuid.ts';
import type { Row } from '../../protocol/change.ts';
import { type MutationId, recordKey } from '../../protocol/ids.ts';
import { laidOn, type Mutation, rebased } from '../../protocol/mutation.ts';
import { isEffect, isFinal, type Receipt, type RefusingReceipt } from '../../protocol/receipt.ts';
import { foreseen } from '../commit/apply-write.ts';
import { batchRefusal } from '../commit/batch-refusal.ts';
import { laneOf } from '../commit/lane-of.ts';
import { unitsOf } from '../commit/units-of.ts';
import { isGuarded } from '../resource/permit.ts';
import { type Match, unknownResource } from '../resource/resources.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import type { StoreWrite } from '../store.ts';
import { type Court, type Judgement, judge, type Notice } from './judge.ts';
import { batchOf, type PushItem } from './parse-push.ts';
import type { SessionParts } from './session-parts.ts';
import { storedRow } from './stored-row.ts';

/** One mutation of a batch on its way to its receipts; null = it has none yet. */
export interface Draft {
  readonly index: number;
  readonly item: PushItem;
  readonly ids: readonly MutationId[];
  /** '' = it cannot be told. */
  readonly lane: string;
  readonly batch: MutationId | undefined;
  receipts: readonly Receipt[] | null;
  /** What is told of it besides, once it is done. */
  notice: Notice | null;
}

export function draftOf(item: PushItem, index: number): Draft {
  const lane = item.type === 'sent' ? laneOf(item.sent.mutation.topic, item.sent.mutation.record) : '';
  return { index, item, ids: item.ids, lane, batch: batchOf(item), receipts: null, notice: null };
}

/** What is known of a lane within one round. */
interface Lane {
  /** The record as it was read, and as the writes of this round will leave it. */
  readonly read: Row | null;
  foreseen: Row | null;
  writes: [Draft, StoreWrite][];
  judged: boolean;
}

/** Judges what is open in a batch, each write on what those before it in its lane will leave, and touches no record. */
export class PushRound {
  readonly refusals: [Draft, RefusingReceipt][] = [];
  /** To be retried by the client. */
  readonly held: Draft[] = [];
  readonly #parts: SessionParts;
  readonly #session: SessionInfo;
  readonly #court: Court;
  readonly #lanes = new Map<string, Lane>();
  readonly #matches = new Map<string, Match | null>();
  /** The index of the first of those that are judged together. */
  #from = 0;
  /** Where in the push a lane stops, since what stands there is to be retried. */
  readonly #blocked = new Map<string, number>();
  /** Lanes whose rest waits for the next round: it depends on what this one's commit comes to. */
  readonly #waiting = new Set<string>();
  /** What was refused last in a lane, where nothing was done to it since: what comes next was made on that. */
  readonly #refused = new Map<string, Mutation>();

  constructor(parts: SessionParts, session: SessionInfo, all: readonly Draft[]) {
    this.#parts = parts;
    this.#session = session;
    const { common, limits, clock, random, store, log } = parts;
    this.#court = {
      session,
      common,
      log,
      limit: limits.record,
      uuid: () => uuid(clock, random),
      kept: (topic, id) => storedRow(store, topic, id),
    };
    for (const { lane, index, item, receipts } of all) {
      if (!lane || !receipts) continue;
      if (!receipts.every(isFinal)) this.#block(lane, index);
      if (receipts.every(isEffect)) this.#refused.delete(lane);
      else if (item.type === 'sent') this.#refused.set(lane, this.#based(lane, item.sent.mutation));
    }
  }

  /** The writes to commit, in the batch's order. */
  get writes(): readonly (readonly [Draft, StoreWrite])[] {
    const writes = [...this.#lanes.values()].flatMap(({ writes, judged, read }): Lane['writes'] => {
      if (!judged) return writes;
      const judgedOn = (at: number) => (at === 0 ? (read?.[1] ?? null) : 'previous');
      return writes.map(([draft, write], at) => [draft, { ...write, judgedOn: judgedOn(at) }]);
    });
    return writes.sort(([a], [b]) => a.index - b.index);
  }

  async judge(open: readonly Draft[]): Promise<void> {
    await this.#read(open);
    for (const unit of unitsOf(open)) {
      this.#from = unit[0]?.index ?? 0;
      const heard = unit.length > 1 ? this.#judgeBatch(unit) : this.#judge(unit[0] as Draft);
      if (heard) await heard;
    }
  }

  /** All of it is to be committed, or nothing of it. */
  async #judgeBatch(unit: readonly Draft[]): Promise<void> {
    const { refusals, held } = this;
    const [refusedBefore, heldBefore] = [refusals.length, held.length];
    const foreseen = new Map(unit.map(({ lane }) => [lane, this.#lanes.get(lane)?.foreseen]));
    for (const draft of unit) await this.#judge(draft);
    const isHeld = held.length > heldBefore;
    const isWaiting = unit.some(({ lane }) => this.#waiting.has(lane));
    const [first] = refusals.slice(refusedBefore);
    if (!isHeld && !isWaiting && !first) return;
    held.length = heldBefore;
    refusals.length = refusedBefore;
    for (const [name, before] of foreseen) {
      const lane = this.#lanes.get(name);
      if (!lane) continue;
      lane.writes = lane.writes.filter(([{ index }]) => index < this.#from);
      lane.foreseen = before === undefined ? lane.read : before;
    }
    for (const draft of unit) {
      if (isHeld) {
        held.push(draft);
        this.#block(draft.lane, this.#from);
      } else if (isWaiting) this.#waiting.add(draft.lane);
      else if (first)
        refusals.push(draft === first[0] ? first : [draft, batchRefusal(draft.ids, first[0].ids[0])]);
    }
  }

  /** Reads, in one go, the records that somebody may want to look at. */
  async #read(open: readonly Draft[]): Promise<void> {
    const lanes = new Map<string, Draft>();
    for (const draft of open) {
      const match = this.#match(draft);
      const isRead = match !== null && isGuarded(match.resource, this.#parts.common);
      if (isRead && !lanes.has(draft.lane)) lanes.set(draft.lane, draft);
    }
    if (lanes.size === 0) return;
    const asked = [...lanes.values()].flatMap(({ item }) =>
      item.type === 'sent'
        ? [{ topic: item.sent.mutation.topic, key: recordKey(item.sent.mutation.record) }]
        : [],
    );
    const rows = await this.#parts.store.read(asked);
    for (const [at, lane] of [...lanes.keys()].entries()) this.#lane(lane, rows[at] ?? null);
  }

  /** At once, where no code of the application is asked. */
  #judge(draft: Draft): void | Promise<void> {
    const { item, ids, lane: name, index } = draft;
    if (item.type !== 'sent' || this.#waiting.has(name)) return;
    if (index > (this.#blocked.get(name) ?? index)) {
      this.held.push(draft);
      return;
    }
    const match = this.#match(draft);
    if (!match) {
      const { method, topic } = item.sent.mutation;
      const message = unknownResource(method, topic);
      this.refusals.push([draft, { type: 'invalid', ids, code: 'unknown-resource', message }]);
      return;
    }
    const lane = this.#lane(name, null);
    const mutation = this.#based(name, item.sent.mutation);
    const { number } = item.sent;
    const judgement = judge({ ids, mutation, number, match, current: lane.foreseen }, this.#court);
    if (!(judgement instanceof Promise)) return this.#take(draft, lane, mutation, judgement);
    return judgement.then((heard) => this.#take(draft, lane, mutation, heard));
  }

  #based(lane: string, mutation: Mutation): Mutation {
    return rebased(mutation, this.#refused.get(lane));
  }

  #take(draft: Draft, lane: Lane, mutation: Mutation, judgement: Judgement): void {
    if (judgement.type === 'refused') this.#refused.set(draft.lane, mutation);
    else this.#refused.delete(draft.lane);
    switch (judgement.type) {
      case 'write': {
        const { write, judged, notice } = judgement;
        draft.notice = notice;
        // The rest of a batch cannot wait for what the commit makes of this.
        const merged = draft.batch && judged && foreseen(lane.foreseen, write, lane.writes.length === 0);
        lane.writes.push([draft, merged ? { ...write, foreseen: merged } : write]);
        lane.judged ||= judged;
        const attrs = merged ? merged : laidOn(lane.foreseen?.[2] ?? null, write);
        lane.foreseen = attrs && [lane.read?.[0] ?? write.record, lane.read?.[1] ?? 0, attrs];
        return;
      }
      case 'refused':
        // A refusal is final: it must not rest on writes that are not committed, but for those of its own batch, which fall with it.
        if ((lane.writes[0]?.[0].index ?? this.#from) < this.#from) this.#waiting.add(draft.lane);
        else this.refusals.push([draft, judgement.receipt]);
        return;
      case 'failed': {
        const { user } = this.#session;
        this.#parts.log('error', 'judgement-failed', { error: judgement.error, ids: draft.ids, user });
        this.held.push(draft);
        this.#block(draft.lane, draft.index);
      }
    }
  }

  #block(lane: string, index: number): void {
    this.#blocked.set(lane, Math.min(index, this.#blocked.get(lane) ?? index));
  }

  #lane(name: string, read: Row | null): Lane {
    const found = this.#lanes.get(name);
    if (found) return found;
    const lane: Lane = { read, foreseen: read, writes: [], judged: false };
    this.#lanes.set(name, lane);
    return lane;
  }

  #match({ item }: Draft): Match | null {
    if (item.type !== 'sent') return null;
    const { topic } = item.sent.mutation;
    const found = this.#matches.get(topic);
    if (found !== undefined) return found;
    const match = this.#parts.resources.match(topic);
    this.#matches.set(topic, match);
    return match;
  }
}
