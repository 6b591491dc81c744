import type { Cancel } from '../../base/clock.ts';
import type { Row } from '../../protocol/change.ts';
import type { Answer } from '../../protocol/tab-down.ts';
import type { ReadRequest } from '../../protocol/tab-up.ts';
import type { Collection, Model, SyncOptions } from '../backbone.ts';
import { idNameOf, instanceFor, instanceOf, jsonOf, unsaved, withId } from '../models/instances.ts';
import { differing } from '../models/snapshot.ts';
import { type Address, isCollection, readQuery } from './address.ts';
import { adoptAll } from './adopt-all.ts';
import { answering } from './answering.ts';
import { type Failure, failure, type Settler } from './request.ts';

/** What a read is answered with: its rows, this tab's later writes laid on them. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly status: 200 | 304;
  readonly source: 'network' | 'replica';
  readonly stale: boolean;
}

interface Reading {
  readonly message: ReadRequest;
  answer(rows: Rows): void;
  fail(code: string, message: string): void;
}

export interface ReadsParts {
  readonly post: (message: ReadRequest) => void;
  /** The record of a fetched model is not there. */
  readonly gone: (model: Model) => void;
  /** The rows as this tab is to see them, where the hub has included its writes up to number `n`. */
  readonly lay: (topic: ReadRequest['topic'], rows: readonly Row[], n: number) => readonly Row[];
}

const CACHES = ['network', 'first', 'only', 'reload'] as const;

/** What is asked of the hub; what is undefined is not asked for. */
type Asked = Pick<ReadRequest, 'topic' | 'cache'> & {
  readonly record?: ReadRequest['record'] | undefined;
  readonly query?: ReadRequest['query'] | undefined;
};

export type Reads = ReturnType<typeof createReads>;

/** The tab's unanswered reads. */
export function createReads({ post, lay, gone }: ReadsParts) {
  const open = new Map<number, Reading>();
  let last = 0;

  function ask(asked: Asked, to: Omit<Reading, 'message'>): Cancel {
    const request = ++last;
    const message = { type: 'read', request, ...asked } as ReadRequest;
    open.set(request, { ...to, message });
    post(message);
    return () => open.delete(request);
  }

  return {
    open,
    ask,
    answer(answer: Answer, n: number) {
      const reading = open.get(answer.request);
      if (!reading) return;
      open.delete(answer.request);
      if (answer.type === 'failed') return reading.fail(answer.code, answer.message);
      const { source, stale } = answer;
      const status = source === 'replica' && stale ? 304 : 200;
      // A query's answer is the server's choice: what matches it, only the server knows.
      const rows = reading.message.query ? answer.rows : lay(reading.message.topic, answer.rows, n);
      reading.answer({ rows, status, source, stale });
    },
    /** There is no hub to answer them. */
    fail({ code, message }: Failure) {
      for (const [request, reading] of [...open]) {
        open.delete(request);
        reading.fail(code, message);
      }
    },
    /** A fetch. Returns what takes it back. */
    fetch(target: Model | Collection, address: Address, options: SyncOptions, settler: Settler): Cancel {
      const { topic, record } = address;
      const query = readQuery(address, options.data);
      const named = options.cache === false ? 'reload' : options.cache;
      const cache = CACHES.find((name) => name === named) ?? 'network';
      const answer = isCollection(target)
        ? collectionAnswer(target, topic, settler)
        : modelAnswer(target, address, settler);
      return ask(
        { topic, record, query, cache },
        {
          answer,
          fail(code, text) {
            if (code === 'not-found') gone(target as Model);
            settler.settle(failure(code, text));
          },
        },
      );
    },
  };
}

/** A fetch overwrites what was edited before it, but nothing that was edited after it. */
function modelAnswer(model: Model, { topic, record }: Address, settler: Settler) {
  const instance = instanceFor(model, topic, record);
  const then = jsonOf(model);
  return ({ rows: [row], ...rest }: Rows) => {
    if (!row) return settler.settle(failure('not-found', `${topic} has no record ${record}`));
    const [id, version, attrs] = row;
    const kept = () => differing(jsonOf(model), then);
    settler.settle(
      { ...rest, response: withId(attrs, id, model.idAttribute) },
      answering(model, instance, { attrs, version }, kept),
    );
  };
}

function collectionAnswer(collection: Collection, topic: Address['topic'], settler: Settler) {
  const then = new Map(
    collection.models.flatMap((model) => {
      const instance = instanceOf(model);
      return instance && unsaved(model, instance).length ? [[model, jsonOf(model)]] : [];
    }),
  );
  return ({ rows, ...rest }: Rows) => {
    const response = rows.map(([id, , attrs]) => withId(attrs, id, idNameOf(collection)));
    settler.settle({ ...rest, response }, adoptAll(collection, topic, rows, then));
  };
}
