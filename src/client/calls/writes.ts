import type { Clock } from '../../base/clock.ts';
import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { SINGLETON, type Topic } from '../../protocol/ids.ts';
import { isWhole, laidOn, touched } from '../../protocol/laying.ts';
import type { Effect, Receipt } from '../../protocol/receipt.ts';
import type { Settlement } from '../../protocol/tab-down.ts';
import type { Model } from '../backbone.ts';
import type { Sight } from '../models/apply-sights.ts';
import { untold } from '../models/contested.ts';
import { applyTo, lose } from '../models/incoming.ts';
import { forget, isAbsent, jsonOf, tellState, unsaved, withId } from '../models/instances.ts';
import { alike, differing, withNames } from '../models/snapshot.ts';
import { isOffline } from '../status.ts';
import { answering } from './answering.ts';
import { createLanes, type Write } from './lanes.ts';
import { describe, type Failure, failure, failureOf, type Request } from './request.ts';

export interface WritesParts {
  readonly clock: Clock;
  /** Milliseconds until a durable write is answered with 202; 3000. */
  readonly patience?: number;
  readonly status: Model;
  readonly following: {
    /** Lays the write on the other instances of its record. */
    spread(write: Write): void;
    restore(write: Write): void;
    /** Lets the model come or go, as its record belongs now. */
    place(model: Model, isReceipt?: boolean): void;
    show(topic: Topic, sights: readonly Sight[]): void;
    gone(model: Model): void;
  };
  /** Every failure is told. */
  readonly onFailure: (request: Request, model: Model) => void;
}

export type Writes = ReturnType<typeof createWrites>;

/** The tab's own writes, until the hub has said its last word on them. */
export function createWrites(parts: WritesParts) {
  const lanes = createLanes();
  const { open, lay, drop } = lanes;
  let turn: Write[] = [];

  function hand(write: Write) {
    lanes.add(write);
    if (turn.push(write) > 1) return;
    // One timer serves all the writes of a turn; it outlives those that are answered before.
    const mine = turn;
    queueMicrotask(() => {
      turn = [];
    });
    parts.clock.after(parts.patience ?? 3000, () => {
      for (const late of mine) {
        late.late = true;
        answerQueued(late);
      }
    });
  }

  /** 202: it is durable here, and the server is not to be had, or takes its time. */
  function answerQueued(write: Write) {
    const { settler, queued, late, wire } = write;
    const mayBeQueued = queued && !wire.wait && !write.waits && wire.queue !== false;
    if (settler.live && mayBeQueued && (late || isOffline(parts.status)))
      succeed(write, 202, write.instance.seen);
  }

  /** `own`: nobody else had a hand in it. */
  function succeed(write: Write, status: number, attrs: Attributes | null, own = true) {
    const { model, instance, settler, wire, looked } = write;
    const source = status === 202 ? 'outbox' : 'network';
    if (attrs === null) return settler.settle({ status, response: {}, source });
    const response = withId(attrs, wire.mutation.record, model.idAttribute);
    // Backbone lays what was sent under the answer to a `wait`: what has been unset since must not come back by that.
    const gone = Object.keys(wire.mutation.set).filter((name) => !(name in attrs));
    const kept = () => {
      const since = looked && differing(jsonOf(model), looked);
      return unsaved(model, instance).filter((name) => !since || since.includes(name) || !(name in attrs));
    };
    settler.settle({ status, response, source }, answering(model, instance, { attrs, own }, kept, gone));
  }

  function applied(write: Write, { offset, set, unset, merged }: Effect) {
    const { model, instance, settler, wire, n } = write;
    const { method, record, topic } = wire.mutation;
    const { live } = settler;
    instance.version = Math.max(offset, instance.version);
    const status = method === 'create' ? 201 : 200;
    const isDelete = method === 'delete';
    const unseen = wire.wait && instance.n < n;
    // What was written behind a delete is there again.
    const left = lay(topic, { record, attrs: null }, n);
    // Nobody hears of the answer that would have brought its id.
    if (!live && !isDelete && model.isNew() && record !== SINGLETON)
      model.set({ [model.idAttribute]: record });
    if (isDelete) {
      if (left) instance.seen = left;
      else forget(instance);
      // Where it was deleted since, here or in another tab, its model keeps what it has.
    } else if (live || unseen || instance.seen) {
      instance.stage = 'there';
      const { seen } = instance;
      const now = (unseen ? lay(topic, { record, attrs: laidOn(seen, wire.mutation) }, n) : seen) ?? {};
      // Of what the server made of it, as much as nobody has changed since.
      const then = laidOn(write.before.seen, wire.mutation) ?? {};
      const made = alike([...Object.keys(set ?? {}), ...(unset ?? [])], now, then);
      const attrs = withNames(now, made, set ?? {});
      const own = !merged;
      if (live) succeed(write, status, attrs, own);
      else if (!equalJson(attrs, instance.seen)) applyTo(model, instance, { attrs, own });
      instance.seen = attrs;
    }
    // A delete is spread again: what waited for the server may have come into a collection since it was handed over.
    if (wire.wait || isDelete) parts.following.spread(write);
    if (!live) model.trigger('medulla:confirmed', model, settler.request);
    else if (isDelete) succeed(write, status, null);
    const again: Sight | undefined = isDelete ? { record, attrs: left } : write.hidden;
    instance.born = undefined;
    parts.following.place(model, true);
    if (again?.attrs && (again.version ?? offset) >= offset) parts.following.show(topic, [again]);
  }

  /**
   * Takes the write back out of what the instance has seen. Its attributes become unsaved edits, or go back where nobody
   * is told; where others have been there before, they stay in any case, for its user to decide.
   */
  function refused(write: Write, refusal: Failure, receipt?: Receipt) {
    const { model, instance, settler, wire, before } = write;
    const { live, request } = settler;
    const { mutation, wait } = wire;
    const { method, topic, record } = mutation;
    const isCreate = method === 'create';
    const isNew = isWhole(mutation) && (isCreate || !(before.seen || wait));
    const current = receipt?.type === 'conflict' && !(isCreate && wait) ? receipt.current : null;
    instance.error = refusal;
    // What builds on a record that has not been shown yet was laid on nothing.
    const names = alike(touched(mutation), instance.seen ?? instance.agreed ?? {}, mutation.set);
    const without = (now: Attributes | null, then: Attributes | null) =>
      isCreate ? {} : withNames(now ?? {}, names, then ?? {});
    const seen = without(instance.seen, before.seen);
    if (isNew && !current) {
      instance.stage = isCreate ? 'gone' : 'unmade';
      instance.agreed = null;
    } else if (wait && isAbsent(instance)) {
      // Of what is not there, all is unsaved again.
      instance.agreed = null;
    } else if (wait && instance.n < write.n) {
      // It was never laid on, nor shown by the hub.
    } else if (method === 'delete') {
      Object.assign(instance, before);
    } else if (instance.stage === 'gone' && !instance.agreed) {
      // Its create was refused before it: all is unsaved.
    } else if (live || write.aborted || refusal.code === 'abort' || current || receipt?.type === 'gone') {
      instance.seen = seen;
      for (const part of ['agreed', 'parsed'] as const)
        instance[part] = without(instance[part], before[part]);
      if (receipt?.type === 'gone') lose(model, instance);
    } else applyTo(model, instance, { attrs: seen });
    if (current && current.version >= instance.version) {
      const { attrs, version } = current;
      applyTo(model, instance, { attrs: lay(topic, { record, attrs }, write.n) ?? attrs, version });
    }
    if (method !== 'delete') parts.following.place(model);
    else if (!wait) parts.following.restore(write);
    if (live) settler.settle(refusal);
    else if (!write.aborted) {
      describe(request, refusal);
      model.trigger('medulla:rejected', model, refusal);
      model.trigger('error', model, request, { late: true });
      parts.onFailure(request, model);
    }
  }

  return {
    ...lanes,
    hand,
    settle(settlement: Settlement) {
      const write = open.get(settlement.n);
      if (!write) return;
      if (settlement.type === 'queued') {
        write.queued = true;
        return answerQueued(write);
      }
      drop(write);
      const { instance, model, settler, wire, collection } = write;
      const { status } = settlement;
      if (settlement.type === 'failed') {
        const { code, message } = settlement;
        refused(write, failure(code, message, { status }));
        // What was to make it has been given up before it was sent.
        if (code === 'withdrawn' && isAbsent(instance)) parts.following.gone(model);
        return;
      }
      const { receipt, state } = settlement;
      settler.heard(receipt.headers);
      instance.state = state;
      instance.error = null;
      // In the place of what was removed at once, another instance is put back.
      if (wire.wait || !collection || wire.mutation.method !== 'delete') untold.add(model);
      if ('offset' in receipt) applied(write, receipt);
      else {
        instance.refused = state === 'rejected' ? { ...write.wire, receipt } : null;
        refused(write, failureOf(receipt, status), receipt);
      }
      tellState(model, instance);
    },
    /** The hub's line changed: what is durable need not wait for the server any more. */
    lineChanged() {
      if (isOffline(parts.status)) for (const write of [...open.values()]) answerQueued(write);
    },
    /** Their user is gone, and with them what would be shown of them. Returns those that are not known to be durable and should be. */
    leave(why: Failure) {
      const all = [...open.values()];
      for (const write of all) {
        drop(write);
        write.settler.settle({ ...why, unknown: true });
      }
      return all
        .filter(({ queued, aborted, wire }) => !queued && !aborted && wire.queue !== false)
        .map(({ wire }) => wire);
    },
    /** There is no hub to be had. What need not reach the server is given up; the rest goes to the next hub. */
    fail(why: Failure) {
      for (const write of [...open.values()]) {
        if (write.wire.queue === false) {
          drop(write);
          refused(write, why);
        } else write.settler.settle({ ...why, unknown: true });
      }
    },
  };
}
