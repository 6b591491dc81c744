import type { Cancel } from '../../base/clock.ts';
import { type RealId, renamed, renamedPath } from '../../protocol/aliases/renamed.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { Addressee } from '../../protocol/messages/addressee.ts';
import type { Answer } from '../../protocol/tab-down.ts';
import type { ReadRequest } from '../../protocol/tab-up.ts';
import type { Collection, Model, SyncOptions } from '../backbone.ts';
import { codedError } from '../coded-error.ts';
import type { Each } from '../each.ts';
import { type Present, sightOf } from '../models/apply-sights.ts';
import { recordOf } from '../models/find-model.ts';
import { idNameOf, instanceFor, instanceOf, jsonOf, unsaved, withId } from '../models/instances.ts';
import { missing } from '../models/missing.ts';
import { shownIn } from '../views/shown-in.ts';
import { look, lookedFor, pending } from '../views/view.ts';
import { type Address, isCollection, readQuery } from './address.ts';
import { adopting } from './adopting.ts';
import { type Failure, failure, type Settler } from './request.ts';

/** What a read is answered with: its rows, this tab's later writes laid on them. */
export interface Rows {
  readonly rows: readonly Present[];
  readonly status: 200 | 304;
  readonly source: 'network' | 'replica';
  readonly stale: boolean;
  /** What the server said beside it. */
  readonly headers?: Attributes | undefined;
}

/** What is no read, and is asked and answered in the same way. */
export type Question =
  | { readonly type: 'export' }
  | { readonly type: 'import'; readonly items: unknown }
  | { readonly type: 'send'; readonly content: unknown; readonly to?: Addressee };

interface Reading {
  message: ReadRequest | (Question & { readonly request: number });
  /** What it is read for. */
  readonly target?: Model | Collection;
  answer(rows: Rows, topic: ReadRequest['topic']): void;
  fail(why: Failure): void;
}

export interface ReadsParts {
  readonly post: (message: Reading['message']) => void;
  readonly each: Each;
  readonly writes: {
    /** The rows as this tab is to see them, where the hub has included its writes up to number `n`. */
    layRows(
      topic: ReadRequest['topic'],
      rows: readonly Present[],
      n: number,
      isQuery: boolean,
    ): readonly Present[];
    /** Whether an update of it is on its way: what becomes of it, the server's word on that will say. */
    holds(model: Model): boolean;
  };
  readonly following: {
    /** The record of a fetched model is not there. */
    gone(model: Model): void;
    /** Lets the model come or go, as its record belongs now. */
    place(model: Model): void;
  };
}

/** What is asked of the hub; what is undefined is not asked for. */
type Asked = Pick<ReadRequest, 'topic' | 'cache'> & {
  readonly options?: Address['said'];
  readonly record?: ReadRequest['record'] | undefined;
  readonly pending?: true | null | undefined;
  readonly query?: ReadRequest['query'] | undefined;
};

export type Reads = ReturnType<typeof createReads>;

const failureIn = ({ code, message, status, details }: Extract<Answer, { type: 'failed' }>): Failure =>
  failure(code, message, details === undefined ? { status } : { status, details });

/** The tab's unanswered reads. */
export function createReads(parts: ReadsParts) {
  const open = new Map<number, Reading>();
  let last = 0;

  function ask(asked: Asked | Question, to: Omit<Reading, 'message'>): Cancel {
    const request = ++last;
    const message = { type: 'read', request, ...asked } as ReadRequest;
    open.set(request, { ...to, message });
    parts.post(message);
    return () => open.delete(request);
  }

  return {
    open,
    ask,
    answer(answer: Answer, n: number) {
      const reading = open.get(answer.request);
      if (!reading) return;
      open.delete(answer.request);
      if (answer.type === 'failed') return reading.fail(failureIn(answer));
      if (answer.type === 'told') return reading.answer(answer.told as Rows, '' as ReadRequest['topic']);
      const { source, stale, headers } = answer;
      const status = source === 'replica' && stale ? 304 : 200;
      const rows = answer.rows.map((row) => ({ ...sightOf(row), n }));
      const { query, topic } = reading.message as ReadRequest;
      const all = parts.writes.layRows(topic, rows, n, Boolean(query));
      reading.answer({ rows: all, status, source, stale, headers }, topic);
    },
    *targets() {
      for (const { target } of open.values()) if (target) yield target;
    },
    /** Records that reads name have their ids now. */
    rename(real: RealId) {
      for (const reading of open.values()) {
        const { message } = reading;
        if (message.type === 'read')
          reading.message = { ...renamed(message, real), topic: renamedPath(message.topic, real) };
      }
    },
    /** What the hub says to it; rejects with what is wrong. */
    question: <T>(asked: Question) =>
      new Promise<T>((resolve, reject) => {
        const fail = ({ code, message, details }: Failure) => reject(codedError(code, message, { details }));
        ask(asked, { answer: resolve as (told: unknown) => void, fail });
      }),
    /** There is no hub to answer them. */
    fail(why: Failure) {
      for (const [request, reading] of [...open]) {
        open.delete(request);
        reading.fail(why);
      }
    },
    /** A fetch. Returns what takes it back. */
    fetch(target: Model | Collection, address: Address, options: SyncOptions, settler: Settler): Cancel {
      const { topic } = address;
      const query = readQuery(address, options.data);
      const named = options.cache ?? true;
      const cache = (named === true ? 'network' : named || 'reload') as ReadRequest['cache'];
      const then = asTheyAre(target, address);
      // Its url is the topic's while it waits for its id: the topic's first record would be taken for it.
      const record = isCollection(target) ? undefined : (address.record ?? recordOf(target));
      look(target, lookedFor(target, options), query);
      const answer = ({ rows: all, headers, ...rest }: Rows, topic: ReadRequest['topic']) => {
        const held =
          isCollection(target) && !query ? missing(target.models.filter(parts.writes.holds), topic, all) : [];
        const there = held.length ? [...all, ...held] : all;
        const rows = isCollection(target) ? shownIn(target, topic, there, then, parts.each) : there;
        if (!isCollection(target) && !rows[0])
          return settler.settle(failure('not-found', `There is no ${topic}/${record}`, { status: 404 }));
        const response = rows.map((row) => withId(row.attrs, row.record, idNameOf(target)));
        settler.heard(headers);
        const outcome = { ...rest, response: isCollection(target) ? response : response[0] };
        settler.settle(outcome, adopting(target, topic, rows, then));
        if (!isCollection(target)) parts.following.place(target);
      };
      return ask(
        { topic, record, query, pending: pending(target), cache, options: address.said },
        {
          target,
          answer,
          fail(why) {
            const model = target as Model;
            if (why.code === 'not-found' && !parts.writes.holds(model)) parts.following.gone(model);
            settler.settle(why);
          },
        },
      );
    },
  };
}

/**
 * What the models with unsaved edits look like: a fetch overwrites what was edited before it, but nothing that was
 * edited after it.
 */
function asTheyAre(target: Model | Collection, { topic, record }: Address): ReadonlyMap<Model, Attributes> {
  if (!isCollection(target)) {
    instanceFor(target, topic, record);
    return new Map([[target, jsonOf(target)]]);
  }
  const edited = target.models.filter((model) => {
    const instance = instanceOf(model);
    return instance && unsaved(model, instance).length;
  });
  return new Map(edited.map((model) => [model, jsonOf(model)]));
}
