import { isObject } from '../../base/json.ts';
import type { Model, Sync } from '../../client/backbone.ts';
import { isCollection } from '../../client/calls/address.ts';
import { agreeToThis, instanceOf, withId } from '../../client/models/instances.ts';
import { snapshot } from '../../client/models/snapshot.ts';
import type { Row } from '../../protocol/change.ts';
import {
  ANONYMOUS,
  type Boot,
  isTemporary,
  mutationNumber,
  type RecordId,
  recordKey,
  SINGLETON,
} from '../../protocol/ids.ts';
import type { Port } from '../../protocol/port.ts';
import type { Batch, TabDown } from '../../protocol/tab-down.ts';
import type { ReadRequest, TabUp, Write } from '../../protocol/tab-up.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import { AjaxCall } from './ajax-call.ts';

type News = Partial<Pick<Batch, 'settlements' | 'answers' | 'aliases' | 'status'>>;

/**
 * A port whose far end is `Backbone.ajax`: what is posted during a call of `sync` is asked of it when that is about to
 * return, and what it answers is heard at once. It has no outbox and no replica: reads and writes are all that it knows.
 */
export class AjaxPort implements Port {
  readonly #stock: Sync;
  /** The calls that are under way, the innermost last. */
  readonly #calls: AjaxCall[] = [];
  /** By records without an id: what waits for the answer to their create, that there be one. */
  readonly #lanes = new Map<RecordId, ((id: RecordId | undefined) => void)[]>();
  #listener: ((message: unknown) => void) | undefined;
  #count = 0;

  constructor(stock: Sync) {
    this.#stock = stock;
  }

  post(message: unknown): void {
    const up = structuredClone(message) as TabUp;
    const call = this.#calls.at(-1);
    if (up.type === 'hello') queueMicrotask(() => this.#welcome());
    else if (up.type === 'read') call?.todo.push(() => this.#read(call, up));
    else if (up.type === 'writes')
      for (const write of up.writes)
        if (call) call.todo.push(() => this.#write(call, write));
        else this.#withdraw(write);
  }

  listen(fn: (message: unknown) => void): void {
    this.#listener = fn;
  }

  close(): void {
    this.#listener = undefined;
  }

  /** What is posted while `act` runs belongs to the call. */
  during(call: AjaxCall, act: () => void): void {
    this.#calls.push(call);
    try {
      act();
    } finally {
      this.#calls.pop();
    }
    for (const go of call.todo.splice(0)) go();
  }

  #read(call: AjaxCall, { request, record }: ReadRequest): void {
    const { idName, target } = call;
    const row = (its: unknown, id: RecordId): Row => [id, ++this.#count, snapshot(its, false, idName)];
    const rowsOf = (response: unknown): Row[] => {
      if (!isCollection(target)) return [row(response, record ?? idOf(response, idName) ?? SINGLETON)];
      const all: unknown[] = Array.isArray(response) ? response : [];
      return all.flatMap((one) => {
        const id = idOf(one, idName);
        return id === undefined ? [] : [row(one, id)];
      });
    };
    call.send(this.#stock, 'read', undefined, {
      applied: (response) =>
        this.#tell({
          answers: [{ type: 'rows', request, rows: rowsOf(response), source: 'network', stale: false }],
        }),
      failed: (code, message, status) =>
        this.#tell({ answers: [{ type: 'failed', request, code, message, status }] }),
    });
  }

  #write(call: AjaxCall, write: Write): void {
    const { mutation } = write;
    const { record, set } = mutation;
    const { idName, options, method: named } = call;
    const lane = this.#lanes.get(record);
    if (lane) return void lane.push(() => this.#write(call, write));
    const { id } = call.target as Model;
    const isIdless = isTemporary(record) && (id === undefined || id === null);
    if (isIdless) this.#lanes.set(record, []);
    const own = isTemporary(record) ? (id as RecordId) : record;
    const hasId = !isIdless && (!options.attrs || idName in Object(options.attrs));
    const body = mutation.method === 'delete' ? undefined : hasId ? withId(set, own, idName) : set;
    // It was to be created when it was saved, and has been since.
    const method = named === 'create' && isTemporary(record) && !isIdless ? 'update' : named;
    call.send(this.#stock, method, body, {
      applied: (response, status) => {
        // The old attributes are back, and this turn is not over: that is how the model stands.
        const instance = write.wait ? instanceOf(call.target as Model) : undefined;
        if (instance && !instance.agreed) agreeToThis(call.target as Model, instance);
        this.#applied(write, response, status, idName);
      },
      failed: (code, message, status) => this.#failed(write, code, message, status),
    });
  }

  #applied({ mutation }: Write, response: unknown, status: number, idName: string): void {
    const { id, record, topic } = mutation;
    const given = isTemporary(record) ? idOf(response, idName) : undefined;
    this.#tell({
      ...(given !== undefined && { aliases: [{ topic, temporary: recordKey(record), record: given }] }),
      settlements: [
        {
          type: 'settled',
          n: mutationNumber(id),
          status,
          state: 'clean',
          receipt: {
            type: 'applied',
            ids: [id],
            offset: ++this.#count,
            ...(isObject(response) && { set: snapshot(response, false, idName) }),
            ...(given !== undefined && { record: given }),
          },
        },
      ],
    });
    this.#answered(record, given);
  }

  #failed({ mutation }: Write, code: string, message: string, status: number): void {
    this.#tell({ settlements: [{ type: 'failed', n: mutationNumber(mutation.id), code, message, status }] });
    this.#answered(mutation.record);
  }

  /** A model without an id was destroyed, and its create had gone: it goes behind that, without a call of its own. */
  #withdraw(write: Write): void {
    const { method, record, topic } = write.mutation;
    // Deleting what is not there is success.
    const gone = () => this.#applied(write, undefined, 200, 'id');
    const behind = (id: RecordId | undefined) => {
      const target = { id, idAttribute: 'id', trigger: () => target } as unknown as Model;
      const url = `${topic}/${encodeURIComponent(String(id))}`;
      if (id === undefined) gone();
      else this.#write(new AjaxCall(method, target, { url }), write);
    };
    const lane = this.#lanes.get(record);
    if (lane && method === 'delete') lane.push(behind);
    else gone();
  }

  #answered(record: RecordId, id?: RecordId): void {
    const lane = this.#lanes.get(record) ?? [];
    this.#lanes.delete(record);
    for (const go of lane) go(id);
  }

  #welcome(): void {
    this.#hear({ type: 'welcome', boot: 'ajax' as Boot, protocol: PROTOCOL, stale: false, lock: 'ajax' });
    const status: Batch['status'] = {
      connection: 'open',
      reason: null,
      message: null,
      pending: 0,
      rejected: 0,
      durable: false,
      durableReason: 'ajax',
      user: ANONYMOUS,
      lastSyncedAt: null,
    };
    this.#tell({ status });
  }

  #tell(news: News): void {
    const none = { values: [], settlements: [], answers: [], topics: [] };
    this.#hear({ type: 'batch', batch: ++this.#count, n: 0, ...none, ...news });
  }

  #hear(message: TabDown): void {
    this.#listener?.(structuredClone(message));
  }
}

const idOf = (response: unknown, idName: string): RecordId | undefined => {
  const id = isObject(response) ? response[idName] : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
};
