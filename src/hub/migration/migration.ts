import type { Log } from '../../base/log.ts';
import type { MutationId } from '../../protocol/ids.ts';
import type { Piece } from '../../protocol/tab-down.ts';
import type { TabUp } from '../../protocol/tab-up.ts';
import type { Journal } from '../journal.ts';
import type { Drain } from '../outbox/drain.ts';
import type { Endings } from '../outbox/endings.ts';
import { type Entry, idOf, rowOf } from '../outbox/entry.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Outlet } from '../outlet.ts';
import type { Follower } from '../replica/follower.ts';
import type { Replica } from '../replica/replica.ts';
import type { Topic } from '../replica/topic.ts';
import type { Op } from '../storage.ts';
import type { Tab } from '../tabs/tab.ts';
import type { Tabs } from '../tabs/tabs.ts';
import type { Migrators } from './migrators.ts';
import { type Holder, piecesOf, withPieces } from './pieces.ts';
import type { RowMigration } from './row-migration.ts';

export interface MigrationParts {
  readonly migrators: Migrators;
  readonly tabs: Tabs;
  readonly rows: RowMigration;
  readonly outbox: Outbox;
  readonly replica: Replica;
  readonly journal: Journal;
  readonly outlet: Outlet;
  readonly endings: Endings;
  readonly drain: Drain;
  readonly follower: Follower;
  readonly log: Log;
}

/**
 * Brings what an earlier deploy left to the shape of records that the newest page knows. Meanwhile nothing is pushed,
 * no tab is told anything, and what tabs ask for waits its turn: nobody is shown, and nothing is sent, that is half way.
 *
 *   hello of a newer tab ──▶ outbox and number, one transaction ──▶ the records in memory ──▶ what waited
 *   a topic is read from the disk ──▶ its records            an older tab writes ──▶ the outbox
 *
 * Every mutation and every record carries the number of its shape, so that a hub that dies in between leaves nothing
 * that the next could mistake.
 */
export class Migration {
  readonly #parts: MigrationParts;
  readonly #queue: (() => void)[] = [];
  #busy = false;

  constructor(parts: MigrationParts) {
    this.#parts = parts;
  }

  /** A tab has come, or has found its voice again: it may know a newer shape than that of what is here. */
  look(): void {
    const tab = this.#parts.migrators.newest;
    if (this.#busy) this.#queue.push(() => this.look());
    else if (tab && this.#isBehind(tab)) this.#begin(() => this.#all());
  }

  /** Hands a tab's message on, in its turn. */
  pass<M extends TabUp>(message: M, act: (message: M) => void): void {
    if (this.#busy) {
      this.#queue.push(() => this.pass(message, act));
      return;
    }
    const to = this.#parts.migrators.newest?.recordVersion ?? 0;
    // An older tab writes beside a newer one: it is taken as it is, and migrated before anybody hears of it.
    if (message.type === 'writes' && message.writes.some(({ mutation }) => isOlder(mutation, to)))
      this.#begin(async () => {
        act(message);
        await this.#all();
      });
    // What could not be migrated is tried again where its user wants it sent as it is.
    else if (
      message.type === 'decide' &&
      message.decision === 'retry' &&
      !message.edit &&
      this.#isHeld(message.id, to)
    )
      this.#begin(() => this.#all());
    else act(message);
  }

  #begin(job: () => Promise<void>): void {
    const { drain, tabs, log } = this.#parts;
    this.#busy = true;
    drain.hold();
    tabs.pause(true);
    job()
      .catch((error) => log('error', 'migration-failed', { error }))
      .then(() => {
        this.#busy = false;
        while (!this.#busy && this.#queue.length > 0) this.#queue.shift()?.();
        if (this.#busy) return;
        tabs.pause(false);
        drain.goOn();
      });
  }

  #isHeld(id: MutationId, to: number): boolean {
    const { outbox } = this.#parts;
    const entry = outbox.get(id);
    return entry !== undefined && outbox.unitOf(entry).some(({ mutation }) => isOlder(mutation, to));
  }

  #isBehind({ recordVersion }: Tab): boolean {
    const { replica, rows } = this.#parts;
    return (
      recordVersion > replica.recordVersion ||
      this.#older(recordVersion).length > 0 ||
      [...replica.topics()].some((topic) => rows.hasOlder(topic, recordVersion))
    );
  }

  /** All of the outbox that is older, and what it may give back. */
  #older(to: number): Entry[] {
    return [...this.#parts.outbox.entries()]
      .flatMap(withReplaced)
      .filter(({ mutation }) => isOlder(mutation, to));
  }

  async #all(): Promise<void> {
    const { migrators, replica, rows } = this.#parts;
    const failed = new Set<Entry>();
    for (let tab = migrators.newest; tab; tab = migrators.newest) {
      const to = tab.recordVersion;
      const entries = this.#older(to).filter((entry) => !failed.has(entry));
      if (entries.length === 0 && to <= replica.recordVersion) break;
      const holders = entries.map(({ mutation, phase }): Holder => ({ mutation, phase }));
      const made = await this.#ask(tab, holders);
      if (made) this.#take(entries, holders, made, to, failed);
    }
    for (const topic of [...replica.topics()]) if (await rows.migrate(topic)) this.#shows(topic);
    this.#parts.outlet.status();
  }

  /** Each as the tab makes it, or why it cannot; null where the tab says nothing. */
  async #ask(tab: Tab, holders: readonly Holder[]): Promise<(Holder | string)[] | null> {
    const pieces = holders.map(piecesOf);
    const made = await this.#parts.migrators.ask(tab, pieces.flat());
    if (!made) return null;
    let at = 0;
    return holders.map((holder, i) => {
      const end = at + (pieces[i] as Piece[]).length;
      const own = made.slice(at, end);
      at = end;
      return withPieces(holder, own, tab.recordVersion);
    });
  }

  /** One transaction: the next hub finds the old shape under its number, or the new one under the new number. */
  #take(
    entries: readonly Entry[],
    holders: readonly Holder[],
    made: readonly (Holder | string)[],
    to: number,
    failed: Set<Entry>,
  ): void {
    const { replica, journal, endings, outbox } = this.#parts;
    const ops: Op[] = [];
    if (to > replica.recordVersion) {
      replica.recordVersion = to;
      ops.push({ type: 'putRecordVersion', recordVersion: to });
    }
    const refused: [Entry, string][] = [];
    for (const [i, entry] of entries.entries()) {
      const next = made[i] as Holder | string;
      const asked = holders[i] as Holder;
      const isPlain = typeof next === 'string' || next.phase === asked.phase;
      // What has changed since it was asked about is asked about again. That it was sent meanwhile, say, is no change.
      if (entry.mutation !== asked.mutation || (!isPlain && entry.phase !== asked.phase)) continue;
      const isHere = outbox.get(idOf(entry)) === entry;
      if (typeof next === 'string') {
        failed.add(entry);
        // One that has ended meanwhile is not to come back.
        if (isHere) refused.push([entry, next]);
        continue;
      }
      const { mutation } = next;
      const phase = isPlain ? entry.phase : next.phase;
      if (!isHere) Object.assign(entry, { mutation, phase });
      else {
        outbox.change(entry, { mutation, phase: wasHeld(entry) ? { type: 'queued' } : phase });
        // What was held for its sake goes with it.
        const unit = outbox.unitOf(entry).filter((one) => wasHeld(one) && !isOlder(one.mutation, to));
        for (const one of unit) outbox.change(one, { phase: { type: 'queued' } });
        for (const one of new Set([entry, ...unit])) {
          endings.shows(one);
          if (one.kept) ops.push({ type: 'putMutation', row: rowOf(one) });
        }
      }
    }
    if (ops.length > 0) journal.write(ops);
    for (const [entry, why] of refused) for (const one of outbox.unitOf(entry)) this.#hold(one, why);
  }

  /** It stays as it is, for its user to decide: nothing of an older shape leaves by itself while a newer page is there. */
  #hold(entry: Entry, why: string): void {
    const { endings, log } = this.#parts;
    const { type } = entry.phase;
    const message = `This write of an older version could not be migrated: ${why}`;
    log('error', 'not-migrated', { id: idOf(entry), why });
    if (type === 'awaiting' || type === 'rejected' || type === 'withdrawing') return;
    endings.giveUp(entry, 'migrate', message);
  }

  /** The records look different now, and the server is asked for all of them. */
  #shows(topic: Topic): void {
    for (const key of topic.records.keys()) this.#parts.outlet.touch(topic.name, key);
    if (topic.followers > 0) this.#parts.follower.want(topic);
  }
}

const isOlder = ({ recordVersion = 0 }: { readonly recordVersion?: number }, to: number): boolean =>
  recordVersion < to;

const withReplaced = (entry: Entry): Entry[] => [entry, ...entry.replaced.flatMap(withReplaced)];

/** Whether all that kept it was that it could not be migrated. */
const wasHeld = ({ phase }: Entry): boolean =>
  phase.type === 'rejected' && phase.receipt.type === 'retry' && phase.receipt.code === 'migrate';
