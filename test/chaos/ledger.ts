import { Story } from './story.ts';
import type { Handed, Look, Mark, Order, RecordName, Told, User } from './words.ts';

export const PROMISES = ['P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10', 'settled'] as const;
export type PromiseName = (typeof PROMISES)[number];

/** One page from its load to its end: a tab has one after the other. */
export interface Life {
  readonly name: string;
  readonly user: User;
  over: boolean;
}

/** What is known of an order that was carried out, or may have been. */
export interface Write {
  readonly mark: Mark;
  readonly kind: Order['kind'];
  readonly life: Life;
  record: RecordName | undefined;
  /** Its mutation's name. */
  id: string | undefined;
  answer: { readonly status: number; readonly code: string } | undefined;
  /** It had no answer when something broke. */
  risked: boolean;
}

export interface HandedOver extends Handed {
  readonly life: Life;
  readonly turn: number;
}

export interface Rejected {
  readonly record: RecordName;
  readonly method: string;
}
export interface Decided extends Rejected {
  readonly id: string;
  readonly decision: 'retry' | 'discard';
  readonly mark: Mark;
}

/** All that pages told, what broke when, and what the checks found. */
export class Ledger {
  readonly story: Story;
  readonly writes = new Map<Mark, Write>();
  /** By mutation's name, as the pages handed them over. */
  readonly handed = new Map<string, HandedOver>();
  readonly rejected = new Map<string, Rejected>();
  readonly decided: Decided[] = [];
  readonly looks: (Look & { readonly life: Life })[] = [];
  readonly faults: Record<string, number> = {};
  repeated = 0;
  /** How often each promise was really put to the test. */
  readonly checked = Object.fromEntries(PROMISES.map((name) => [name, 0])) as Record<PromiseName, number>;
  readonly failures: string[] = [];
  #marks = 0;

  constructor(echo?: (line: string) => void) {
    this.story = new Story(echo);
  }

  mark(): Mark {
    this.#marks += 1;
    return `w${this.#marks}`;
  }

  ordered({ mark, kind }: Order, life: Life): void {
    const rest = { record: undefined, id: undefined, answer: undefined, risked: false };
    this.writes.set(mark, { mark, kind, life, ...rest });
  }

  /** Something breaks; what is under way now is at risk. */
  fault(name: string, who: string, what: string): void {
    this.faults[name] = (this.faults[name] ?? 0) + 1;
    for (const write of this.writes.values()) write.risked ||= write.answer === undefined;
    this.story.tell(who, `✗ ${what}`);
  }

  check(promise: PromiseName, holds: boolean, about: readonly string[], failure: () => string): void {
    this.checked[promise] += 1;
    if (!holds) this.fail(promise, about, failure());
  }

  fail(promise: PromiseName, about: readonly string[], failure: string): void {
    this.story.tell(promise, `BROKEN: ${failure}`, about);
    const lines = this.story.of(about);
    const cut = lines.length > 200 ? [`… ${lines.length - 200} lines before`, ...lines.slice(-200)] : lines;
    this.failures.push([`${promise}: ${failure}`, ...cut.map((line) => `  ${line}`)].join('\n'));
  }

  hear(life: Life, told: Told) {
    const tell = (what: string, ...about: string[]) => this.story.tell(life.name, what, about);
    switch (told.type) {
      case 'hello':
        return tell('has loaded');
      case 'asked':
        this.#change(told.mark, { record: told.record });
        return tell(`${told.mark} ${told.record} ${told.what}`, told.mark, told.record);
      case 'handed': {
        const { type, ...handed } = told;
        this.handed.set(handed.id, { ...handed, life, turn: this.handed.size });
        if (handed.mark) this.#change(handed.mark, { record: handed.record, id: handed.id });
        const { mark, record, id, method } = handed;
        return tell(`${mark} ${record} leaves as ${method} ${id}`, mark ?? id, record, id);
      }
      case 'repeated': {
        this.repeated += 1;
        const { mark, record } = this.handed.get(told.id) ?? {};
        return tell(`repeats ${mark} ${told.id}`, told.id, mark ?? told.id, record ?? told.id);
      }
      case 'answered': {
        const { mark, status, code } = told;
        this.#change(mark, { answer: { status, code } });
        const record = this.writes.get(mark)?.record ?? mark;
        return tell(`${mark} ${record} is answered ${status} ${code}`, mark, record);
      }
      case 'rejected': {
        const { id, record, method, code } = told;
        const owner = this.handed.get(id)?.life.user ?? life.user;
        this.check('P6', owner === life.user, [id], () => `${owner}'s ${id} is shown to ${life.user}`);
        this.rejected.set(id, { record, method });
        return tell(`shows ${method} ${id} of ${record} as rejected: ${code}`, id, record);
      }
      case 'decided': {
        const { type, ...decided } = told;
        this.decided.push(decided);
        const { id, record, decision, mark } = decided;
        return tell(`decides about ${id} of ${record}: ${decision} (${mark})`, id, record, mark);
      }
      case 'typed':
        return tell(`${told.mark} types into ${told.record}`, told.mark, told.record);
      case 'withstood':
        this.checked.P10 += 1;
        return tell(`${told.mark} is still in ${told.record}`, told.mark, told.record);
      case 'overwritten':
        return this.#overwritten(told.mark, told.record, told.now);
    }
  }

  #overwritten(mark: Mark, record: RecordName, now: string): void {
    // A create that is given up takes its model along, whatever was typed into it.
    const givenUp = this.decided.some(
      (one) => one.record === record && one.method === 'create' && one.decision === 'discard',
    );
    if (givenUp && now.startsWith('not in')) return;
    this.fail('P10', [mark, record], `what ${mark} typed into ${record} is gone; there is now ${now}`);
  }

  #change(mark: Mark, more: Partial<Write>): void {
    const write = this.writes.get(mark);
    if (write) Object.assign(write, more);
  }
}
