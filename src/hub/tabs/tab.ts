import type { Cancel, Clock } from '../../base/clock.ts';
import type { Alias } from '../../protocol/aliases/alias.ts';
import { type MutationId, type RecordKey, recordKey, type TabId, type Topic } from '../../protocol/ids.ts';
import type { Note } from '../../protocol/messages/note.ts';
import type { Port } from '../../protocol/port.ts';
import type {
  Answer,
  Batch,
  Decided,
  OutboxItem,
  Settlement,
  Status,
  TabDown,
  TopicState,
  Value,
} from '../../protocol/tab-down.ts';
import { WINDOW } from '../../protocol/tab-terms.ts';
import type { Without } from '../outlet.ts';
import { Items } from './items.ts';
import { withStatus } from './with-status.ts';

/** What a batch is made from, at the moment it goes out. */
export interface BatchSource {
  value(tab: TabId, topic: Topic, key: RecordKey): Value | null;
  topic(topic: Topic): TopicState;
  /** Null = it is not in the outbox any more. */
  item(id: MutationId): OutboxItem | null;
  status(): Status;
}

/** Milliseconds that a count on the screen may be late; and what a hidden tab shows, since each message costs it as much as its doing. */
const LAZY = 40;
const HIDDEN = 100;
/** How many of the server's messages wait for a tab that takes none. */
const NOTES = 1_000;

/**
 * One tab, and what it has yet to be told. What changes while a window of batches is on its way is conflated: a record is named
 * once, however often it changed, and is looked up when the next batch is made. So a frozen tab costs no more than
 * the names of what changed, and gets the latest state when it wakes.
 */
export class Tab {
  readonly id: TabId;
  readonly port: Port;
  readonly follows = new Set<Topic>();
  /** The number of its last mutation that arrived here. */
  n = 0;
  /** The shape of the records that it knows. */
  recordVersion = 0;
  /** The last of its mutations that was on the disk when it said hello. */
  found = 0;
  /** Whether it wants the outbox's items. */
  watching = false;
  /** Ends the waiting for its lock to fall free. */
  unwatch: Cancel = () => undefined;
  #visible = true;
  readonly #source: BatchSource;
  readonly #clock: Clock;
  #closed = false;
  #paused = false;
  #touched = new Map<Topic, Set<RecordKey>>();
  #aliases: Alias[] = [];
  #settlements: Settlement[] = [];
  #decided: Decided[] = [];
  #answers: (() => Answer)[] = [];
  /** The topics of which it has been shown anything, and those that its first whole answer is about to be of. */
  readonly #shown = new Set<Topic>();
  readonly #first = new Set<Topic>();
  #topics = new Set<Topic>();
  #notes: Note[] = [];
  readonly #items = new Items();
  #status = false;
  #batch = 0;
  /** The number of the last batch that it has applied, as far as it has said. */
  #applied = 0;
  #scheduled = false;
  #lazy: Cancel | null = null;

  constructor(id: TabId, port: Port, source: BatchSource, clock: Clock) {
    this.id = id;
    this.port = port;
    this.#source = source;
    this.#clock = clock;
    this.status();
  }

  /** It is gone, or has come back on another port. */
  close(): void {
    this.#closed = true;
    this.#lazy?.();
    this.unwatch();
  }

  /** While it is paused it is told nothing in batches; what changes meanwhile is conflated. */
  pause(paused: boolean): void {
    this.#paused = paused;
    this.#schedule();
  }

  touch(topic: Topic, key: RecordKey): void {
    const keys = this.#touched.get(topic);
    if (keys) keys.add(key);
    else this.#touched.set(topic, new Set([key]));
    if (this.#visible) this.#schedule();
    else this.#scheduleLazily();
  }

  /** What is to be told of the record by its temporary id is told by the other. */
  alias(alias: Alias): void {
    const { topic, temporary, record } = alias;
    this.#aliases.push(alias);
    const keys = this.#touched.get(topic);
    if (keys?.delete(temporary)) keys.add(recordKey(record));
    this.#schedule();
  }

  /** Whether anybody can see it. What waited because nobody could goes now. */
  show(visible: boolean): void {
    this.#visible = visible;
    if (visible) this.#schedule();
  }

  settle(settlement: Without<Settlement, 'status'>, lazily = false): void {
    this.#settlements.push(withStatus(settlement));
    if (lazily) this.#scheduleLazily();
    else this.#schedule();
  }

  decided(decided: Decided): void {
    this.#decided.push(decided);
    this.#schedule();
  }

  /** The rows are looked up when the batch is made, so that they are as new as its values, and its `n` is true of them. */
  answer(make: () => Answer, topic?: Topic, whole = false): void {
    this.#answers.push(make);
    if (topic && whole && !this.#shown.has(topic)) this.#first.add(topic);
    else if (topic) this.#shown.add(topic);
    this.#schedule();
  }

  topic(topic: Topic): void {
    this.#topics.add(topic);
    this.#schedule();
  }

  item(id: MutationId): void {
    if (!this.watching) return;
    this.#items.touch(id, (one) => this.#source.item(one));
    this.#scheduleLazily();
  }

  /** What the server says. Of what a tab that sleeps has missed only the latest is kept. */
  note(note: Note): void {
    if (this.#notes.push(note) > NOTES) this.#notes.shift();
    this.#schedule();
  }

  status(): void {
    this.#status = true;
    this.#scheduleLazily();
  }

  /** The tab has applied the batch, and those before it. */
  acknowledge(batch: number): void {
    this.#applied = Math.max(this.#applied, Math.min(batch, this.#batch));
    this.#schedule();
  }

  send(message: TabDown): void {
    this.port.post(message);
  }

  #schedule(): void {
    if (this.#scheduled || this.#isFull || this.#closed) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      if (!this.#isFull && !this.#closed && this.#hasNews) this.#flush();
    });
  }

  /** Counts and lists are for people to look at: they ride along, or go a little later, and hold up no answer. */
  #scheduleLazily(): void {
    this.#lazy ??= this.#clock.after(this.#visible ? LAZY : HIDDEN, () => {
      this.#lazy = null;
      this.#schedule();
    });
  }

  get #isFull(): boolean {
    return this.#paused || this.#batch - this.#applied >= WINDOW;
  }

  get #hasNews(): boolean {
    const { length } = this.#settlements;
    return (
      length +
        this.#decided.length +
        this.#aliases.length +
        this.#answers.length +
        this.#notes.length +
        this.#touched.size +
        this.#topics.size +
        this.#items.size >
        0 || this.#status
    );
  }

  #flush(): void {
    const source = this.#source;
    const batch: Batch = {
      type: 'batch',
      batch: ++this.#batch,
      n: this.n,
      ...(this.#aliases.length > 0 ? { aliases: this.#aliases } : {}),
      settlements: this.#settlements,
      ...(this.#decided.length > 0 ? { decided: this.#decided } : {}),
      values: [...this.#touched].flatMap(([topic, keys]) => this.#values(topic, keys)),
      answers: this.#answers.map((make) => make()),
      topics: [...this.#topics].map((topic) => source.topic(topic)),
      ...(this.#items.size > 0 ? { outbox: this.#items.take((id) => source.item(id)) } : {}),
      ...(this.#status ? { status: source.status() } : {}),
      ...(this.#notes.length > 0 ? { messages: this.#notes } : {}),
    };
    for (const topic of this.#first) this.#shown.add(topic);
    this.#first.clear();
    this.#aliases = [];
    this.#settlements = [];
    this.#decided = [];
    this.#answers = [];
    this.#notes = [];
    this.#touched = new Map();
    this.#topics = new Set();
    this.#status = false;
    this.send(batch);
  }

  /**
   * What has changed of a topic. Where the same batch holds all of it for the first time, its rows say the same, but
   * for how records stand.
   */
  #values(topic: Topic, keys: Iterable<RecordKey>): Value[] {
    const first = this.#first.has(topic) && !this.#shown.has(topic);
    this.#shown.add(topic);
    const values = [...keys].flatMap((key) => this.#source.value(this.id, topic, key) ?? []);
    return first ? values.filter(({ state }) => state !== 'clean') : values;
  }
}
